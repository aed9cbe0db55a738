// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Testing

@Suite("Failures that completions cause")
struct ContentFailurePolicyTests {
    private func assessment(_ outcome: Verdict.Outcome, isEmpty: Bool = false) -> Assessment {
        let verdict = Verdict(criterion: "a", outcome: outcome, reason: "", judge: "j")
        return Assessment(verdicts: [verdict], completionIsEmpty: isEmpty)
    }

    private func broken(_ cause: JudgeFailure.Cause = .malformed, isConfirmed: Bool = false) -> Assessment {
        assessment(.unjudged(JudgeFailure(cause: cause, detail: "", isConfirmed: isConfirmed)))
    }

    @Test("A failure that a second attempt confirmed counts whatever became of the others")
    func confirmed() {
        for others in [[], [broken(.timeout), broken(.timeout)], [assessment(.met)]] {
            let group = [broken(isConfirmed: true)] + others
            #expect(ContentFailurePolicy.notCredited.attributed(in: group)[0] == ["a"])
            #expect(ContentFailurePolicy.exclude.attributed(in: group)[0] == [])
        }
    }

    @Test("A failure in transport never counts, however often it happened")
    func transport() {
        let group = [broken(.timeout, isConfirmed: true), assessment(.met), assessment(.unmet)]
        #expect(ContentFailurePolicy.notCredited.attributed(in: group)[0] == [])
    }

    @Test("That a judge cannot tell is a verdict, and speaks for the judge")
    func cannotAssess() {
        let group = [broken(), assessment(.cannotAssess)]
        #expect(ContentFailurePolicy.notCredited.attributed(in: group) == [["a"], []])
    }

    @Test("Empty completions were not judged, and say nothing about the judge")
    func empty() {
        let group = [broken()] + (0..<3).map { _ in assessment(.unmet, isEmpty: true) }
        #expect(ContentFailurePolicy.notCredited.attributed(in: group) == [[], [], [], []])
        let judged = group + (0..<3).map { _ in assessment(.met) }
        #expect(ContentFailurePolicy.notCredited.attributed(in: judged)[0] == ["a"])
    }
}
