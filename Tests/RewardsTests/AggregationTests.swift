// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Rewards
import Rubrics
import Testing

/// Criteria of the paper's weights: essential 1.0, important 0.7, optional 0.3, pitfall 0.9, together 2.9.
private func judged(_ credited: [Bool]) -> [JudgedCriterion] {
    zip(Importance.allCases, credited).map { importance, isCredited in
        JudgedCriterion(
            id: importance.rawValue,
            polarity: importance == .pitfall ? .negative : .positive,
            importance: importance,
            weight: Weighting.paper[importance] ?? 0,
            isCredited: isCredited
        )
    }
}

@Suite("Aggregation schemes")
struct AggregationTests {
    // s is the credited share of 2.9. A gate caps at 0.3 where essential is missed. The soft minimum at temperature 0.5
    // is −0.5·ln(1 − s + s·e⁻²), the geometric mean with floor 0.01 is 0.01^(1 − s).
    @Test(
        "Hand-computed values",
        arguments: [
            // All credited: s = 1.
            (.essentialGated(), [true, true, true, true], 1),
            (.softMin(), [true, true, true, true], 1),
            (.geometricMean(), [true, true, true, true], 1),
            // Nothing credited: s = 0.
            (.essentialGated(), [false, false, false, false], 0),
            (.softMin(), [false, false, false, false], 0),
            (.geometricMean(), [false, false, false, false], 0.01),
            // Essential missed: s = 1.9 / 2.9 = 0.6551724.
            (.weightedMean, [false, true, true, true], 0.655_172_413_793),
            (.essentialGated(), [false, true, true, true], 0.3),
            (.essentialGated(cap: 0.5), [false, true, true, true], 0.5),
            (.essentialGated(cap: 0.9), [false, true, true, true], 0.655_172_413_793),
            // 1 − s + s·e⁻² = 0.3448276 + 0.6551724 · 0.1353353 = 0.4334955; −0.5 · ln 0.4334955 = 0.4179370.
            (.softMin(), [false, true, true, true], 0.417_937_0),
            // 0.01^0.3448276 = e^(−4.6051702 · 0.3448276) = e^(−1.5879897) = 0.2043359.
            (.geometricMean(), [false, true, true, true], 0.204_335_9),
            // Only essential credited: s = 1 / 2.9 = 0.3448276; no cap, though the mean is above 0.3.
            (.essentialGated(), [true, false, false, false], 0.344_827_586_2),
            // 1 − s + s·e⁻¹ = 0.6551724 + 0.3448276 · 0.3678794 = 0.7820274; −ln 0.7820274 = 0.2458654.
            (.softMin(temperature: 1), [true, false, false, false], 0.245_865_4),
            // 0.25^0.6551724 = e^(−1.3862944 · 0.6551724) = e^(−0.9082618) = 0.4032245.
            (.geometricMean(floor: 0.25), [true, false, false, false], 0.403_224_5),
        ] as [(Aggregation, [Bool], Double)]
    )
    func values(aggregation: Aggregation, credited: [Bool], expected: Double) throws {
        let value = try #require(aggregation.value(of: judged(credited)))
        #expect(abs(value - expected) < 1e-6)
    }

    @Test("A soft minimum is the mean at high temperatures and the worst criterion at low ones")
    func temperatures() throws {
        let criteria = judged([true, true, false, true])
        let mean = try #require(Aggregation.weightedMean.value(of: criteria))
        #expect(abs(try #require(Aggregation.softMin(temperature: 1e9).value(of: criteria)) - mean) < 1e-8)
        #expect(try #require(Aggregation.softMin(temperature: 1e-6).value(of: criteria)) < 1e-5)
        #expect(Aggregation.softMin(temperature: 1e-6).value(of: judged([true, true, true, true])) == 1)
    }

    @Test("A missed essential that nobody judged does not cap, one that a completion broke does")
    func gateNeedsJudging() throws {
        let criteria = Array(judged([false, true, true, true]).dropFirst())
        #expect(Aggregation.essentialGated().value(of: criteria) == 1)
        let task = RubricTask(
            id: "t",
            prompt: [],
            criteria: [
                Criterion(id: "a", description: "", importance: .essential),
                Criterion(id: "b", description: "", importance: .pitfall),
            ]
        )
        let failure = Verdict.Outcome.unjudged(JudgeFailure(cause: .refusal, detail: ""))
        let broken = Assessment(
            verdicts: [
                Verdict(criterion: "a", outcome: failure, reason: "", judge: "scripted"),
                Verdict(criterion: "b", outcome: .met, reason: "", judge: "scripted"),
            ]
        )
        let method = ExplicitReward(aggregation: .essentialGated(), minimumJudgedWeight: 0.25)
        #expect(try method.outcome(of: broken, for: task).value == 1)
        #expect(try method.outcome(of: broken, for: task, policyAttributed: ["a"]).value == 0.3)
    }

    // Positive weights sum to 2.0; missing essential and committing the pitfall: (1.0 − 0.9) / 2 = 0.05.
    @Test("A gate caps a penalized mean too")
    func gatedPenalty() throws {
        let gate = Aggregation.essentialGated(cap: 0.2)
        #expect(gate.value(of: judged([false, true, true, true]), negative: .penalty) == 0.2)
        let low = try #require(gate.value(of: judged([false, true, true, false]), negative: .penalty))
        #expect(abs(low - 0.05) < 1e-12)
        let negative = try #require(
            gate.value(of: judged([false, false, false, false]), negative: .penalty, clip: false)
        )
        #expect(abs(negative + 0.45) < 1e-12)
    }

    @Test("Every scheme states its range")
    func ranges() {
        let schemes: [Aggregation] = [.weightedMean, .essentialGated(), .softMin(), .hierarchical]
        #expect(schemes.allSatisfy { $0.range == 0...1 })
        #expect(Aggregation.geometricMean(floor: 0.2).range == 0.2...1)
        #expect(ExplicitReward(aggregation: .geometricMean()).range == 0...1)
    }

    @Test("An empty completion has 0 under every scheme", arguments: [Aggregation.softMin(), .geometricMean()])
    func empty(aggregation: Aggregation) throws {
        let criterion = Criterion(description: "", importance: .pitfall, polarity: .negative)
        let task = RubricTask(id: "t", prompt: [], criteria: [criterion])
        let method = ExplicitReward(aggregation: aggregation)
        #expect(try method.outcome(of: .empty(for: task, judge: "scripted"), for: task).value == 0)
    }
}

@Suite("Aggregations that cannot be used")
struct AggregationValidationTests {
    @Test(
        "A penalty means nothing where criteria are graded one by one or averaged up a tree",
        arguments: [Aggregation.softMin(), .geometricMean(), .hierarchical]
    )
    func penalty(aggregation: Aggregation) throws {
        let method = ExplicitReward(aggregation: aggregation, negative: .penalty)
        let error = try #require(throws: RewardError.self) { try method.validate([]) }
        #expect(error.code == .invalidSetting)
        #expect(error.description.contains("set reward.negative to credit"))
    }

    @Test(
        "A penalty goes with a weighted mean, gated or not",
        arguments: [Aggregation.weightedMean, .essentialGated()]
    )
    func allowed(aggregation: Aggregation) throws {
        try ExplicitReward(aggregation: aggregation, negative: .penalty).validate([])
    }

    @Test(
        "A number out of its range is refused",
        arguments: [
            .essentialGated(cap: -0.1), .essentialGated(cap: .nan), .softMin(temperature: 0),
            .softMin(temperature: .infinity), .geometricMean(floor: 0), .geometricMean(floor: 1),
        ] as [Aggregation]
    )
    func numbers(aggregation: Aggregation) throws {
        let error = try #require(throws: RewardError.self) {
            try ExplicitReward(aggregation: aggregation).validate([])
        }
        #expect(error.code == .invalidSetting)
    }

    @Test("A gate needs to know what is essential")
    func gate() throws {
        let task = RubricTask(
            id: "t",
            prompt: [],
            criteria: [
                Criterion(id: "a", description: "", importance: .essential, weight: 1),
                Criterion(id: "b", description: "", weight: 1),
            ]
        )
        let method = ExplicitReward(weighting: .numeric, aggregation: .essentialGated())
        let error = try #require(throws: RewardError.self) { try method.validate([task]) }
        #expect(error.code == .missingImportance)
        #expect(error.description.hasPrefix("task \"t\": criterion b: has no importance"))
    }
}

@Suite("Aggregations in recipes")
struct AggregationCodingTests {
    private struct Section: Codable, Equatable {
        var aggregation: Aggregation
    }

    @Test(
        "A word, or a mapping of one word to its settings",
        arguments: [
            ("weighted_mean", .weightedMean), ("essential_gated", .essentialGated(cap: 0.3)),
            ("soft_min", .softMin(temperature: 0.5)), ("geometric_mean", .geometricMean(floor: 0.01)),
            ("hierarchical", .hierarchical), ("{essential_gated: {cap: 0.2}}", .essentialGated(cap: 0.2)),
            ("{soft_min: {temperature: 2}}", .softMin(temperature: 2)),
            ("{geometric_mean: {floor: 0.1}}", .geometricMean(floor: 0.1)), ("{soft_min: {}}", .softMin()),
        ] as [(String, Aggregation)]
    )
    func reading(yaml: String, expected: Aggregation) throws {
        let document = try Document.yaml("aggregation: \(yaml)\n", file: "r.yaml")
        let section = try document.decode(Section.self)
        #expect(section.aggregation == expected)
        let json = try JSONEncoder().encode(section)
        #expect(try JSONDecoder().decode(Section.self, from: json) == section)
    }

    @Test("Settings are spelled out when written")
    func writing() throws {
        let json = try JSONEncoder().encode(Section(aggregation: .softMin()))
        #expect(String(decoding: json, as: UTF8.self) == #"{"aggregation":{"soft_min":{"temperature":0.5}}}"#)
    }

    @Test(
        "What is misspelt or out of range is an error with its place and the nearest word",
        arguments: [
            ("geometric", "did you mean \"geometric_mean\"?"), ("mean_of_all_things", "known words: weighted_mean"),
            ("{essental_gated: {cap: 0.3}}", "did you mean \"essential_gated\"?"),
            ("{essential_gated: {cpa: 0.3}}", "did you mean \"cap\"?"),
            ("{essential_gated: {temperature: 0.3}}", "unknown key \"temperature\""),
            ("{essential_gated: {cap: 3}}", "cap 3.0 is no number from 0 to 1"),
            ("{weighted_mean: {cap: 0.3}}", "weighted_mean has no settings"),
            ("{soft_min: {}, hierarchical: {}}", "expected one aggregation"), ("{}", "expected one aggregation"),
            ("3", "expected a mapping"),
        ]
    )
    func errors(yaml: String, message: String) throws {
        let document = try Document.yaml("aggregation: \(yaml)\n", file: "r.yaml")
        let error = try #require(throws: DocumentError.self) { try document.decode(Section.self) }
        #expect("\(error)".contains(message))
        #expect("\(error)".hasPrefix("r.yaml:1:"))
    }
}
