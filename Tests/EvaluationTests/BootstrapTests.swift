// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Testing

@testable import Evaluation

@Suite("Bootstrap and paired comparison")
struct BootstrapTests {
    @Test("The interval of a normal sample is close to the mean ± 1.96 standard errors")
    func normal() throws {
        var generator = SplitMix64(seed: 7)
        // Sums of 12 uniforms minus 6 are close to standard normal.
        let values = (0..<400).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() } }
        let mean = values.reduce(0, +) / 400
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
        let estimate = try #require(Bootstrap().estimate(values))
        #expect(estimate.mean == mean)
        #expect(abs(estimate.low - (mean - 1.96 * deviation / 20)) < 0.015)
        #expect(abs(estimate.high - (mean + 1.96 * deviation / 20)) < 0.015)
    }

    @Test("The same seed gives the same interval; no values give none; one value is its own interval")
    func edges() throws {
        #expect(Bootstrap().estimate([]) == nil)
        #expect(Bootstrap().estimate([0.3]) == Estimate(mean: 0.3, low: 0.3, high: 0.3))
        let values = [0.1, 0.5, 0.2, 0.9]
        #expect(Bootstrap(seed: 3).estimate(values) == Bootstrap(seed: 3).estimate(values))
    }

    @Test("Quantiles interpolate as NumPy's default", arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (1.0, 4.0)])
    func quantiles(share: Double, expected: Double) {
        #expect(Bootstrap.quantile([1, 2, 3, 4], share) == expected)
    }

    private func records(_ rewards: [String: [Double?]]) -> [HeldOutRecord] {
        rewards.sorted { $0.key < $1.key }.flatMap { task, values in
            values.enumerated().map { sample, value in
                let criteria = [
                    Criterion(id: "c1", title: "Fact", description: "Fact.", weight: 1, kind: .content),
                    Criterion(id: "c2", title: "Form", description: "Form.", weight: 1, kind: .form),
                ]
                let row = RubricTask(id: task, prompt: [], criteria: criteria)
                let credits = criteria.map { Credit(criterion: $0.id, weight: 1, credited: $0.id == "c1") }
                let outcome: RewardOutcome =
                    value.map { .scored(Reward(value: $0, coverage: 1, credits: credits)) }
                    ?? .unscored(UnscoredReason(reason: "timeout", detail: ""))
                let verdicts = criteria.map { Verdict(criterion: $0.id, outcome: .met, reason: "", judge: "test") }
                let graded = GradedCompletion(
                    step: 0,
                    task: row,
                    sample: sample,
                    text: "",
                    stopReason: "max_tokens",
                    outcome: outcome,
                    verdicts: verdicts,
                    credits: credits
                )
                return HeldOutRecord(completion: graded, prompt: "")
            }
        }
    }

    @Test("Means are a prompt's first; unscored completions leave them, and are counted")
    func means() throws {
        let summary = EvaluationSummary(records(["a": [1, 0, nil], "b": [0.25]]))
        #expect(summary.rewards.map(\.mean) == [0.5, 0.25])
        #expect(summary.unscored == ["timeout": 1])
        #expect(summary.rewards(of: .content).map(\.mean) == [1, 1])
        #expect(summary.rewards(of: .form).map(\.mean) == [0, 0])
        #expect(summary.criteria.map(\.rate) == [1, 0, 1, 0])
    }

    @Test("A difference is paired by prompt, whatever the order, and leaves out prompts that one side lacks")
    func pairing() throws {
        let before = EvaluationSummary(records(["a": [0.1], "b": [0.5], "c": [0.9]]))
        let after = EvaluationSummary(records(["b": [0.7], "a": [0.3], "d": [1]]))
        let difference = try #require(PairedComparison(before: before, after: after).difference)
        #expect(abs(difference.mean - 0.2) < 1e-12)
        #expect(difference.low > 0)
    }
}
