// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// The rubrics of methods that do not read a row's own.
enum GenericRubric {
    /// RaR-Predefined: what any good answer has, whatever the prompt (paper, appendix A.5).
    static let predefined: [Criterion] = [
        Criterion(
            id: "correct",
            title: "Correct",
            description:
                "What the response says is right: no error of fact and nothing made up that could mislead the reader."
        ),
        Criterion(
            id: "complete",
            title: "Complete",
            description: "The response answers every essential part of the prompt, in as much detail as each needs."
        ),
        Criterion(
            id: "concise",
            title: "Concise",
            description: "The response keeps to the point, without padding or repetition."
        ),
        Criterion(
            id: "helpful",
            title: "Helpful",
            description: "The response serves the reader's practical need: it can be acted on in their situation."
        ),
    ]

    /// RLVR: one essential criterion that the final answer equals the reference (paper, remark 1).
    static func verifiable(_ answer: String) -> [Criterion] {
        [
            Criterion(
                id: "answer",
                title: "Final answer",
                description: "The final answer is \(answer).",
                importance: .essential,
                check: .finalAnswer(answer)
            )
        ]
    }
}
