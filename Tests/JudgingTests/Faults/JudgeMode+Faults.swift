// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import TestSupport

extension JudgeMode {
    /// Calls that ``FaultTask`` and ``completions`` need when nothing goes wrong: both orders of a pair, two rounds of a
    /// ranking.
    var calls: Int {
        switch self {
        case .oneCriterionACall: 5
        case .twoCriteriaACall: 3
        case .allInOneCall, .ratingByRubric, .ratingByPrompt, .ratingByReference: 1
        case .pairwise, .listwise: 2
        }
    }

    /// Whether verdicts are asked for, not a rating.
    var isOfCriteria: Bool { method.question.isOfCriteria }

    /// The completions that are graded together.
    var completions: [String] {
        self == .listwise ? FaultTask.completions : [FaultTask.completions[0]]
    }

    /// The task as the mode judges it.
    var task: RubricTask { method.prepared(FaultTask.task) }
}

/// A rubric of every importance and both polarities, with completions.
enum FaultTask {
    static let task = RubricTask(
        id: "nosebleed",
        prompt: [Message(role: .user, content: "How do I stop a nosebleed?")],
        referenceAnswer: "Pinch the soft part of the nose and lean forward for ten minutes.",
        criteria: [
            Criterion(id: "c1", description: "States that the nose is pinched shut.", importance: .essential),
            Criterion(id: "c2", description: "States that one leans forward.", importance: .important),
            Criterion(id: "c3", description: "Names ten minutes or more.", importance: .important),
            Criterion(id: "c4", description: "Mentions something cold.", importance: .optional),
            Criterion(
                id: "c5",
                description: "Recommends to tilt the head back.",
                importance: .pitfall,
                polarity: .negative
            ),
        ]
    )

    static let completions = [
        "Pinch your nose for ten minutes and lean forward.", "Tilt your head back and wait.", "Put ice on your neck.",
    ]
}
