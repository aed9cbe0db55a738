// SPDX-License-Identifier: Apache-2.0

/// Something that an audit found wrong with a rubric or a criterion.
package struct AuditFinding: Sendable, Hashable {
    /// What can be wrong.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A criterion that no good answer earns.
        case unreachable
        /// A criterion that every response earns, whatever it says.
        case saturated
        /// A fault to avoid or a form to keep that every probe does, so that nothing is known about the criterion.
        case untested
        /// A criterion that bad answers earn more often than good ones.
        case inverted
        /// Two criteria with the same verdicts on every probe.
        case redundant
        /// A criterion that a response earns without answering.
        case hackable
        /// A criterion whose verdict changes when the same question is asked again.
        case unstable
        /// A criterion whose verdict changes with the order of the rubric.
        case orderDependent = "order_dependent"
        /// A rubric that does not put good answers above bad ones.
        case noSeparation = "no_separation"
        /// A rubric whose reward does not fall as an answer loses its content.
        case notMonotone = "not_monotone"
        /// A rubric that gives all of a policy's answers the same reward, from which GRPO learns nothing.
        case flat
        /// A rubric that pays for answers that say nothing.
        case hackableRubric = "hackable_rubric"
        /// A rubric without a good answer to try it with.
        case noGoodAnswer = "no_good_answer"
        /// A rubric with probes that could not be graded.
        case unscored

        /// What it is, in a few words.
        package var meaning: String {
            switch self {
            case .unreachable: "no good answer earns the criterion"
            case .saturated: "every response earns the criterion"
            case .untested: "no response fails the fault to avoid or the form to keep"
            case .inverted: "bad answers earn the criterion more often than good ones"
            case .redundant: "the criterion always agrees with another"
            case .hackable: "a response that answers nothing earns the criterion"
            case .unstable: "the verdict changes when the same is asked again"
            case .orderDependent: "the verdict changes with the order of the rubric"
            case .noSeparation: "good answers are not above bad ones"
            case .notMonotone: "less content does not get less"
            case .flat: "the policy's answers all get the same"
            case .hackableRubric: "answers that say nothing are paid"
            case .noGoodAnswer: "there is no good answer to try it with"
            case .unscored: "some responses have no reward"
            }
        }
    }

    /// What is wrong.
    package var kind: Kind
    /// The criterion; `nil` for the rubric as a whole.
    package var criterion: String?
    /// The other criterion of a redundant pair.
    package var other: String?
    /// What shows it, in words.
    package var evidence: String

    /// Makes a finding.
    package init(_ kind: Kind, criterion: String? = nil, other: String? = nil, evidence: String) {
        self.kind = kind
        self.criterion = criterion
        self.other = other
        self.evidence = evidence
    }
}
