// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@testable import Runs

struct RecordTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8), file: "test")
    }

    @Test("A rollout's line has the documented keys in their order")
    func rolloutLine() {
        let line = RolloutRecord.fever(id: 7, step: 2).json.serialized()
        #expect(
            line == """
                {"id":7,"step":2,"task":"fever","sample":7,"completion":"Give water.","token_ids":[1,40,2],\
                "sampling_logprobs":[-0.1,-1.5e-07,-12.25],"stop_reason":"end_of_sequence","reward":0.5,"unscored":null,\
                "coverage":1.0,"verdicts":[{"id":"c1","title":"Names fluids","polarity":"positive",\
                "outcome":"met","met":true,"credited":true,"weight":1.0,"importance":"essential","kind":"content","reason":"\\"water\\"",\
                "evidence":["water"],"failure":null,"judge":"checks"},{"id":"c2","title":"Recommends aspirin",\
                "polarity":"negative","outcome":"unmet","met":false,"credited":true,"weight":0.9,"importance":"pitfall","kind":"content",\
                "reason":"no aspirin","evidence":[],"failure":null,"judge":"checks"}]}
                """
        )
    }

    @Test("Rollouts read back as they were, unscored ones included")
    func rolloutsRoundTrip() throws {
        var unscored = RolloutRecord.fever(id: 8, step: 2)
        unscored.completion = .unjudgedFever(step: 2)
        for record in [RolloutRecord.fever(id: 7, step: 2), unscored] {
            #expect(try RolloutRecord(parse(record.json.serialized())) == record)
        }
    }

    @Test("Every float log-probability comes back bit for bit", arguments: 0..<200)
    func logprobsRoundTrip(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var record = RolloutRecord.fever(id: 0, step: 1)
        record.samplingLogprobs = (0..<50).map { _ in
            -Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()) & 0x7F7F_FFFF)
        }
        let read = try RolloutRecord(parse(record.json.serialized()))
        #expect(read.samplingLogprobs.map(\.bitPattern) == record.samplingLogprobs.map(\.bitPattern))
    }

    @Test("Completions sampled ahead round-trip, log-probabilities bit for bit", arguments: 0..<20)
    func sampledRoundTrip(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let record = SampledRecord(
            step: 3,
            task: "fever",
            sample: 2,
            tokenIDs: [1, 40, 2],
            samplingLogprobs: (0..<3).map { _ in
                -Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()) & 0x7F7F_FFFF)
            },
            stopReason: "max_tokens"
        )
        #expect(try SampledRecord(parse(record.json.serialized())) == record)
    }

    @Test("Held-out records round-trip")
    func heldOutRoundTrips() throws {
        let record = HeldOutRecord(completion: .fever(step: 0), prompt: "My child has a fever.")
        #expect(try HeldOutRecord(parse(record.json.serialized())) == record)
    }

    @Test("Metrics are written in the order of their names; what is not finite becomes null and is left out on reading")
    func metrics() throws {
        let metrics = StepMetrics(step: 3, values: ["reward/mean": 0.5, "loss/kl": .nan, "group/x": 1])
        let line = metrics.json.serialized()
        #expect(line == #"{"step":3,"metrics":{"group/x":1.0,"loss/kl":null,"reward/mean":0.5}}"#)
        #expect(try StepMetrics(parse(line)).values == ["reward/mean": 0.5, "group/x": 1])
    }

    @Test("A summary has the documented shape and round-trips")
    func summary() throws {
        let difference = Estimate(mean: 0.25, low: 0.125, high: 0.375)
        let change = RunSummary.Change(before: 0.25, after: 0.5, difference: difference)
        let summary = RunSummary(
            heldOut: change,
            byKind: [.content: change, .form: change],
            steps: 40,
            seed: 1,
            secondsPerStep: 12.5,
            decodeTokensPerSecond: 850,
            peakMemoryBytes: 3_000_000_000,
            notes: ["resumed on another machine"]
        )
        let part = #"{"before":{"mean":0.25},"after":{"mean":0.5},"difference":{"mean":0.25,"low":0.125,"high":0.375}"#
        let text = summary.json.serialized()
        #expect(
            text == #"{"held_out":"# + part + #","by_kind":{"content":"# + part + #"},"form":"# + part + #"}}},"#
                + #""steps":40,"seed":1,"seconds_per_step":12.5,"decode_tokens_per_second":850.0,"#
                + #""peak_memory_bytes":3000000000,"notes":["resumed on another machine"]}"#
        )
        #expect(try RunSummary(parse(text)) == summary)
        var bare = summary
        bare.heldOut = nil
        bare.byKind = [:]
        #expect(try RunSummary(parse(bare.json.serialized())) == bare)
    }

    @Test(
        "What is missing or of another type is an error that names file and key",
        arguments: [
            (#"{"metrics":{}}"#, "`step` must be an integer"),
            (#"{"step":1}"#, "`metrics` must be an object"),
            (#"{"step":1.5,"metrics":{}}"#, "`step` must be an integer"),
        ]
    )
    func damagedMetrics(text: String, message: String) throws {
        let error = #expect(throws: RunError.self) { try StepMetrics(parse(text), file: "metrics.jsonl:4") }
        #expect(error?.message == message)
        #expect(error?.path == "metrics.jsonl:4")
    }

    @Test("An outcome that nobody knows is an error")
    func unknownOutcome() throws {
        let line = RolloutRecord.fever(id: 7, step: 2).json.serialized()
        let damaged = line.replacingOccurrences(of: #""outcome":"met""#, with: #""outcome":"maybe""#)
        let error = #expect(throws: RunError.self) { try RolloutRecord(parse(damaged)) }
        #expect(error?.message == "`outcome` must be one of met, unmet, cannot_assess, unjudged")
    }
}

struct MetricNameTests {
    @Test("Docs/metrics.md explains every metric and no other")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Docs/metrics.md"), encoding: .utf8)
        let documented = text.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `") else { return nil }
            return String(line.dropFirst(3).prefix { $0 != "`" })
        }
        #expect(documented.sorted() == MetricName.all.sorted())
    }
}
