// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@testable import Runs

struct TrainingRecorderTests {
    let folder: TemporaryFolder
    let run: RunDirectory
    private static let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1000) }

    init() throws {
        folder = try TemporaryFolder()
        run = try RunDirectory.create(root: folder.url, name: "demo")
    }

    /// The events of one step with two rollouts; steps 2 and 4 are evaluated.
    private func events(of step: Int) -> [TrainingEvent] {
        let rollouts = (0..<2).map { RolloutRecord.fever(id: 2 * step + $0, step: step, reward: 0.25 * Double($0)) }
        let heldOut = TrainingEvent.evaluated(step: step, samples: [.init(completion: .fever(step: step), prompt: "?")])
        let metrics = TrainingEvent.finishedStep(StepMetrics(step: step, values: ["reward/mean": Double(step)]))
        if step == 0 { return [heldOut, metrics] }
        return [.graded(step: step, rollouts: rollouts)] + (step.isMultiple(of: 2) ? [heldOut] : []) + [metrics]
    }

    private func contents() throws -> [String] {
        let events = try folder.names("demo/tensorboard").map { "tensorboard/\($0)" }
        return try (["metrics.jsonl", "rollouts.jsonl", "held_out.jsonl"] + events).map {
            try Data(contentsOf: run.url.appendingPathComponent($0)).base64EncodedString()
        }
    }

    @Test("Killed after any event and with any torn line, a resumed run ends with the same files", arguments: 0...14)
    func resumesAnywhere(killedAfter count: Int) throws {
        let all = (0...4).flatMap(events)
        var whole = TrainingRecorder(run: run, now: Self.now)
        for event in all { try whole.record(event) }
        let expected = try contents()

        for name in ["metrics.jsonl", "rollouts.jsonl", "held_out.jsonl", "tensorboard"] {
            try FileManager.default.removeItem(at: run.url.appendingPathComponent(name))
        }
        var killed = TrainingRecorder(run: run, now: Self.now)
        for event in all.prefix(count) { try killed.record(event) }
        if count > 0 {
            let logs = [run.rollouts, run.metrics, run.heldOut]
            for log in logs where FileManager.default.fileExists(atPath: log.url.path) {
                try OpenFile(log.url, O_WRONLY | O_APPEND).write(Array("{\"step\":9,\"to".utf8))
            }
        }
        // The checkpoint of step 2 exists once that step has ended.
        let checkpoint = count >= 8 ? 2 : -1
        var resumed = try TrainingRecorder(run: run, resumingAfter: checkpoint, now: Self.now) { $0.count == 2 }
        for step in (checkpoint + 1)...4 {
            for event in events(of: step) { try resumed.record(event) }
        }
        #expect(try contents() == expected)
    }

    @Test("A step that was graded before the kill is offered again, a torn one is not")
    func offersStoredRollouts() throws {
        var killed = TrainingRecorder(run: run, now: Self.now)
        for step in 0...3 {
            for event in events(of: step) { try killed.record(event) }
        }
        try run.rollouts.append([RolloutRecord.fever(id: 8, step: 4).json])
        let resumed = try TrainingRecorder(run: run, resumingAfter: 2, now: Self.now) { $0.count == 2 }
        #expect(resumed.storedRollouts(step: 2) == nil)
        #expect(resumed.storedRollouts(step: 3)?.map(\.id) == [6, 7])
        #expect(resumed.storedRollouts(step: 4) == nil)
        #expect(try run.rollouts.values().count == 6)
        #expect(try run.metrics.values().compactMap { $0["step"]?.int } == [0, 1, 2])
    }

    @Test("The summary is written at the end and removed when the run goes on")
    func writesSummary() throws {
        var recorder = TrainingRecorder(run: run, now: Self.now)
        let summary = RunSummary(
            heldOut: nil,
            steps: 4,
            seed: 7,
            secondsPerStep: 1,
            decodeTokensPerSecond: 2,
            peakMemoryBytes: 3
        )
        #expect(try run.summary() == nil)
        try recorder.record(.finished(summary))
        #expect(try run.summary() == summary)
        _ = try TrainingRecorder(run: run, resumingAfter: 4, now: Self.now) { $0.count == 2 }
        #expect(try run.summary() == nil)
    }
}
