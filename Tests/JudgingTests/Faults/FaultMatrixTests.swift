// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import JudgeServer
import Judging
import Rewards
import Rubrics
import TestSupport
import Testing

/// Every fault in every mode, over HTTP. What each has to come to stands in ``FaultCase/all``.
@Suite("The fault matrix", .timeLimit(.minutes(10)))
struct FaultMatrixTests {
    @Test("Without faults all is judged, at one request a call, for a reward above 0", arguments: JudgeMode.allCases)
    func faultless(mode: JudgeMode) async throws {
        let grading = try await FaultyGrading(mode)
        #expect(grading.log.count == mode.calls && grading.log.allSatisfy(\.isAnswered))
        for grade in grading.grades {
            #expect(grade.assessment.unjudged.isEmpty)
            guard case .scored(let reward) = grade.outcome else { Issue.record("unscored"); continue }
            #expect(reward.coverage == 1)
        }
        let isAboveZero = try #require(grading.grades[0].outcome.value) > 0
        #expect(isAboveZero, "the judge's texts have changed: choose another seed in JudgeBehavior.faultless")
    }

    @Test("A fault on every call", arguments: FaultCase.all, JudgeMode.allCases)
    func always(fault: FaultCase, mode: JudgeMode) async throws {
        guard fault.fault != nil else { return try await unresolved(fault, mode) }
        let grading = try await FaultyGrading(mode, fault.always, fault.policy(), retryAfter: fault.retryAfter)
        let requests = mode.calls * fault.requestsPerCall
        // Under load a short deadline may pass before the server has seen the request.
        #expect(grading.log.count == requests || fault.isEndless && grading.log.count < requests)
        guard let cause = fault.cause else { return try await expectFaultless(grading, mode) }
        for grade in grading.grades { expectUnscored(grade, cause, fault, mode) }
    }

    @Test(
        "A fault on each call's first attempt changes nothing where there is a remedy",
        arguments: FaultCase.all.filter { $0.remedy != .none && $0.fault != nil },
        JudgeMode.allCases
    )
    func once(fault: FaultCase, mode: JudgeMode) async throws {
        // Under load a short deadline may pass where nothing is wrong.
        let policy = fault.policy(attempts: fault.isEndless ? 50 : FaultCase.attempts)
        let grading = try await FaultyGrading(mode, fault.once, policy, retryAfter: fault.retryAfter)
        let faults = grading.log.count { $0.fault != nil }
        #expect(faults == (fault.fault == .unavailable ? 2 : mode.calls))
        #expect(grading.log.count == mode.calls + faults || fault.isEndless && grading.log.count > mode.calls + faults)
        try await expectFaultless(grading, mode)
    }

    // MARK: Expectations

    /// The host's name does not resolve, so no server can count requests.
    private func unresolved(_ fault: FaultCase, _ mode: JudgeMode) async throws {
        let address = try #require(URL(string: "http://judge.invalid/v1"))
        let stack = JudgeStack(mode.method, at: address, policy: fault.policy())
        let cause = try #require(fault.cause)
        for grade in try await stack.grades(of: mode.completions, for: mode.task) {
            expectUnscored(grade, cause, fault, mode)
        }
    }

    /// Everything is unjudged with one cause, and there is no reward: not 0, none.
    private func expectUnscored(_ grade: Grade, _ cause: JudgeFailure.Cause, _ fault: FaultCase, _ mode: JudgeMode) {
        let unjudged = grade.assessment.unjudged
        #expect(unjudged.count == (mode.isOfCriteria ? mode.task.criteria.count : 1))
        #expect(unjudged.allSatisfy { $0.cause == cause && $0.isConfirmed == fault.isConfirmed && !$0.detail.isEmpty })
        let attempts = fault.remedy == .retry ? "(after \(FaultCase.attempts) attempts)" : ""
        #expect(unjudged.allSatisfy { $0.detail.utf8.reversed().starts(with: attempts.utf8.reversed()) })
        guard case .unscored(let reason) = grade.outcome else {
            Issue.record("a reward of \(grade.outcome.value ?? .nan) came of a failure")
            return
        }
        #expect(reason.reason.isExactly(cause.rawValue))
    }

    /// Verdicts, ratings, reasons and rewards are what they are without faults, bit for bit.
    private func expectFaultless(_ grading: FaultyGrading, _ mode: JudgeMode) async throws {
        let expected = try await FaultyGrading(mode).grades
        #expect(grading.grades.map(\.outcome) == expected.map(\.outcome))
        #expect(grading.grades.map(\.assessment.verdicts) == expected.map(\.assessment.verdicts))
        #expect(grading.grades.map(\.assessment.rating) == expected.map(\.assessment.rating))
    }
}

extension Assessment {
    /// Why what was asked for has no answer, one failure for each criterion or rating without one.
    var unjudged: [JudgeFailure] {
        let criteria = verdicts.compactMap { verdict in
            if case .unjudged(let failure) = verdict.outcome { failure } else { nil }
        }
        return criteria + [rating?.failure].compactMap(\.self)
    }
}
