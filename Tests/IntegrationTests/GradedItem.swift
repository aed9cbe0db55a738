// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A task with completions of at most 40 words: a good one, a partial one and a bad one.
struct GradedItem: Sendable {
    /// The task.
    var task: RubricTask
    /// The completions.
    var completions: [String]

    /// The item with its partial completion alone.
    var partial: GradedItem { GradedItem(task: task, completions: [completions[1]]) }

    /// All items.
    static let all = [nosebleed, sky]

    /// Of medicine.
    static let nosebleed = GradedItem(
        task: RubricTask(
            id: "nosebleed",
            prompt: [Message(role: .user, content: "How do I stop a nosebleed?")],
            referenceAnswer: "Sit up, lean forward and pinch the soft part of the nose for ten minutes.",
            criteria: [
                Criterion(id: "c1", description: "States that the nose is pinched shut.", importance: .essential),
                Criterion(id: "c2", description: "States that one leans forward.", importance: .important),
                Criterion(id: "c3", description: "Names ten minutes or more.", importance: .important),
                Criterion(
                    id: "c4",
                    description: "Recommends to tilt the head back.",
                    importance: .pitfall,
                    polarity: .negative
                ),
            ]
        ),
        completions: [
            "Sit up, lean a little forward, and pinch the soft part of your nose for ten minutes without letting go. "
                + "See a doctor if it still bleeds after half an hour.",
            "Pinch your nose for a while.",
            "Tilt your head back and wait until it stops.",
        ]
    )

    /// Of science.
    static let sky = GradedItem(
        task: RubricTask(
            id: "sky",
            prompt: [Message(role: .user, content: "Why is the sky blue?")],
            referenceAnswer: "Molecules of air scatter short, blue waves of sunlight far more than long, red ones.",
            criteria: [
                Criterion(id: "c1", description: "States that light is scattered.", importance: .essential),
                Criterion(
                    id: "c2",
                    description: "States that blue light is scattered more than red light.",
                    importance: .important
                ),
                Criterion(id: "c3", description: "Names the molecules of the air.", importance: .important),
                Criterion(
                    id: "c4",
                    description: "States that the sky reflects the sea.",
                    importance: .pitfall,
                    polarity: .negative
                ),
            ]
        ),
        completions: [
            "Sunlight is scattered by the molecules of the air. Blue light has shorter waves and is scattered much more "
                + "than red light, so blue reaches us from every direction.",
            "Because the air scatters light.",
            "The sky is blue because it reflects the sea.",
        ]
    )
}
