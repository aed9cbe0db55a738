// SPDX-License-Identifier: Apache-2.0

import ChatModels
import JudgeServer
import Judging
import Rewards
import Rubrics
import TestSupport
import Testing

/// A quarter of all attempts goes wrong, over 60 responses.
@Suite("A quarter of faulty calls", .timeLimit(.minutes(10)))
struct FaultShareTests {
    private static let completions = (1...60).map { "Answer \($0): pinch your nose for \($0) minutes." }
    private static let modes: [JudgeMode] = [.oneCriterionACall, .allInOneCall, .ratingByRubric, .pairwise]

    /// 25 % of attempts fail in transport.
    private static let transport = FaultPlan(shares: [
        .init(.reset, 0.04), .init(.rateLimit, 0.04), .init(.rateLimitAfter, 0.04), .init(.serverError, 0.04),
        .init(.unavailable, 0.03), .init(.html, 0.03), .init(.truncatedBody, 0.02), .init(.hang, 0.01),
    ])

    /// 25 % of attempts fail, two in five of them by what the judge says.
    private static let mixed = FaultPlan(shares: [
        .init(.reset, 0.05), .init(.rateLimit, 0.05), .init(.serverError, 0.05), .init(.truncatedJSON, 0.02),
        .init(.empty, 0.02), .init(.wrongIDs, 0.02), .init(.refusal, 0.02), .init(.refusalField, 0.01),
        .init(.contentFilter, 0.01),
    ])

    @Test("With retries every reward and every verdict is the one without faults", arguments: modes)
    func retried(mode: JudgeMode) async throws {
        let expected = try await FaultyGrading(mode, of: Self.completions)
        let policy = RetryPolicy(
            attempts: 50,
            firstDelay: .milliseconds(1),
            longestDelay: .milliseconds(4),
            attemptDeadline: .milliseconds(500)
        )
        let faulty = try await FaultyGrading(mode, of: Self.completions, Self.transport, policy)
        #expect(faulty.grades.map(\.outcome) == expected.grades.map(\.outcome))
        #expect(faulty.grades.map(\.assessment.verdicts) == expected.grades.map(\.assessment.verdicts))
        #expect(faulty.grades.map(\.assessment.rating) == expected.grades.map(\.assessment.rating))
        let share = Double(faulty.log.count { $0.fault != nil }) / Double(faulty.log.count)
        #expect((0.15...0.35).contains(share), "\(share) of the attempts went wrong")
    }

    @Test("Without retries every difference is announced, and none is a zero", arguments: modes)
    func announced(mode: JudgeMode) async throws {
        let expected = try await FaultyGrading(mode, of: Self.completions).grades
        let policy = RetryPolicy(attempts: 1)
        let found = try await FaultyGrading(mode, of: Self.completions, Self.mixed, policy).grades
        for (grade, faultless) in zip(found, expected) {
            if mode.isOfCriteria {
                try expectAnnounced(grade, faultless)
            } else {
                expectAnnouncedRating(grade, faultless)
            }
        }
        let scored = found.count { $0.outcome.value != nil }
        #expect(scored > 0 && scored < found.count)
        #expect(found.contains { !$0.assessment.unjudged.isEmpty })
    }

    private func expectAnnouncedRating(_ grade: Grade, _ faultless: Grade) {
        guard let failure = grade.assessment.rating?.failure else { return #expect(grade.outcome == faultless.outcome) }
        guard case .unscored(let reason) = grade.outcome else { Issue.record("a failed rating has a reward"); return }
        #expect(reason.reason.isExactly(failure.cause.rawValue))
    }

    /// A verdict is the one without faults or says why there is none, and the reward is the share of what was judged.
    private func expectAnnounced(_ grade: Grade, _ faultless: Grade) throws {
        for (verdict, expected) in zip(grade.assessment.verdicts, faultless.assessment.verdicts) {
            if case .unjudged = verdict.outcome { continue }
            #expect(verdict == expected)
        }
        if grade.assessment.unjudged.isEmpty { return #expect(grade.outcome == faultless.outcome) }
        guard case .scored(let whole) = faultless.outcome else { Issue.record("unscored without faults"); return }
        let judged = zip(whole.credits, grade.assessment.verdicts).filter { !$1.outcome.isUnjudged }.map(\.0)
        let weight = judged.reduce(0) { $0 + $1.weight }
        let coverage = weight / whole.credits.reduce(0) { $0 + $1.weight }
        switch grade.outcome {
        case .scored(let reward):
            let credited = judged.filter { $0.credited == true }.reduce(0) { $0 + $1.weight }
            #expect(abs(reward.value - credited / weight) < 1e-12 && abs(reward.coverage - coverage) < 1e-12)
            #expect(coverage > 0.75 - 1e-9)
        case .unscored(let reason):
            #expect(coverage < 0.75)
            #expect(grade.assessment.unjudged.contains { reason.reason.isExactly($0.cause.rawValue) })
        }
    }
}

extension Verdict.Outcome {
    fileprivate var isUnjudged: Bool {
        if case .unjudged = self { true } else { false }
    }
}
