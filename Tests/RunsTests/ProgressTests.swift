// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import Runs

/// A clock that moves when a test says so.
private final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
        func duration(to other: Self) -> Duration { other.offset - offset }
        static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex(Instant(offset: .zero))
    var now: Instant { state.withLock { $0 } }
    let minimumResolution = Duration.zero

    func advance(_ duration: Duration) {
        state.withLock { $0 = $0.advanced(by: duration) }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}

private final class Sink: Sendable {
    private let state = Mutex("")
    var text: String { state.withLock { $0 } }
    func take(_ text: String) { state.withLock { $0 += text } }
}

struct ProgressLineTests {
    private let clock = ManualClock()
    private let sink = Sink()

    private func line(_ style: ProgressLine<ManualClock>.Style) -> ProgressLine<ManualClock> {
        ProgressLine(clock: clock, style: style) { [sink] in sink.take($0) }
    }

    @Test("On a terminal the line is redrawn in place, at most ten times a second, and cleared before other text")
    func live() {
        var line = line(.live(columns: 20))
        line.show("one")
        line.show("dropped")
        clock.advance(.milliseconds(100))
        line.show("two is far too long for it")
        line.write("done")
        line.clear()
        #expect(sink.text == "\r\u{1B}[2Kone\r\u{1B}[2Ktwo is far too lon…\r\u{1B}[2Kdone\n")
    }

    @Test("Control characters cannot leave the line")
    func neutralisesControls() {
        var line = line(.live(columns: 80))
        line.show("a\u{1B}[2Jb\nc")
        #expect(sink.text == "\r\u{1B}[2Ka [2Jb c")
    }

    @Test("Piped, only what stays is written, and a sign of life after 30 seconds of silence")
    func plain() {
        var line = line(.plain)
        line.show("nothing")
        clock.advance(.seconds(31))
        line.show("alive")
        line.show("nothing")
        line.write("step 1")
        #expect(sink.text == "alive\nstep 1\n")
    }

    @Test(arguments: [
        (0.2, "0 s"), (59.4, "59 s"), (60, "1:00"), (380, "6:20"), (3730, "1:02:10"), (-5, "0 s"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(ProgressText.duration(.seconds(seconds)) == text)
    }

    @Test(arguments: [(0.5, "0.50"), (8.06, "8.06"), (81.26, "81.3"), (870.4, "870"), (12_345, "12,345"), (.nan, "–")])
    func rates(value: Double, text: String) {
        #expect(ProgressText.rate(value) == text)
    }

    @Test(arguments: [(0.5, 3, "0.500"), (-0.0004, 3, "0.000"), (-1.25, 1, "-1.3"), (1234.5, 1, "1,234.5")])
    func fixed(value: Double, digits: Int, text: String) {
        #expect(ProgressText.fixed(value, digits: digits) == text)
    }

    @Test("A console shows phases with rate and time left, and one line a step")
    func console() {
        var console = TrainingConsole(line(.live(columns: 200)))
        console.show(.started(TrainingPlan(name: "demo", steps: 3)))
        var sampling = PhaseProgress(.sampling, step: 1, completed: 0, total: 32, unit: "completions", tokens: 0)
        console.show(.progressed(sampling))
        clock.advance(.seconds(2))
        sampling.completed = 8
        sampling.tokens = 1740
        console.show(.progressed(sampling))
        console.show(.graded(step: 1, rollouts: [.fever(id: 0, step: 1), .fever(id: 1, step: 1, reward: 0.25)]))
        clock.advance(.seconds(8))
        console.show(.finishedStep(StepMetrics(step: 1, values: ["reward/mean": 0.375])))
        let lines = sink.text.replacingOccurrences(of: "\r\u{1B}[2K", with: "\n").split(separator: "\n")
        #expect(
            lines == [
                "run demo: 3 steps",
                "step 1/3 sampling · 0/32 completions",
                "step 1/3 sampling · 8/32 completions · 870 tok/s · 6 s left",
                "step 1/3 · reward 0.375 · scored 2/2 · rollout 870 tok/s · 10.0 s · 20 s left",
            ]
        )
    }

    @Test("Piped, a console writes steps, evaluations, warnings and the result")
    func plainConsole() {
        var console = TrainingConsole(line(.plain))
        let change = RunSummary.Change(before: 0.25, after: 0.5, difference: .init(mean: 0.25, low: 0.2, high: 0.3))
        console.show(.started(TrainingPlan(name: "demo", steps: 3, resumedAfter: 2)))
        console.show(.evaluated(step: 2, samples: [.init(completion: .fever(step: 2), prompt: "?")]))
        console.show(.warned("the engine differs"))
        console.show(.paused(step: 3, reason: "no judge"))
        console.show(
            .finished(
                RunSummary(
                    heldOut: change,
                    steps: 3,
                    seed: 1,
                    secondsPerStep: 1,
                    decodeTokensPerSecond: 1,
                    peakMemoryBytes: 1
                )
            )
        )
        #expect(
            sink.text == """
                run demo: 3 steps, resumed after step 2
                held-out after step 2: reward 0.500 over 1 completions
                warning: the engine differs
                paused: no judge
                finished after 3 steps: held-out reward 0.250 → 0.500, difference 0.250 (95% interval 0.200 to 0.300)

                """
        )
    }
}
