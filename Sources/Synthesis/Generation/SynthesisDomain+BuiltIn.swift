// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension SynthesisDomain {
    /// The domains that need no file.
    package static let builtIn = [medicine, science, general, dialogue]

    /// The domain of a row where none was named: the row's own if it is built in, else by the number of turns.
    ///
    /// - Parameter row: The row.
    /// - Returns: `dialogue` for a conversation, `general` otherwise.
    package static func suiting(_ row: PromptRow) -> SynthesisDomain {
        if let domain = builtIn.first(where: { $0.name.isExactly(row.domain ?? "") }) { return domain }
        return row.prompt.count { $0.role != .system } > 1 ? dialogue : general
    }

    /// Questions of health and disease.
    package static let medicine = SynthesisDomain(
        name: "medicine",
        version: 1,
        expertise: "an experienced physician who teaches, and who writes down what makes an answer to a medical "
            + "question right, safe and useful",
        aspects: [
            "the diagnosis, mechanism, drug, value or choice that is asked for, with what it rests on",
            "the findings of this case that decide between alternatives",
            "safety: emergencies, contraindications, interactions, doses and monitoring where they matter here",
            "what the person should do next, and when to seek care",
            "honest uncertainty, where the facts given do not settle the question",
            "plain words for a lay person; the terms of the field for a colleague",
        ],
        guidance: """
            Name drugs, doses, findings and numbers exactly. Where the question offers choices, one essential item names \
            the right letter with its content, for example "(C), iron deficiency". A dangerous recommendation is a pitfall \
            even when all else is right.
            """,
        examples: [
            Example(
                title: "Names acute appendicitis",
                description: "States that the most likely diagnosis is acute appendicitis.",
                importance: .essential,
                weight: 5,
                polarity: .positive,
                kind: .content
            ),
            Example(
                title: "Delays surgical review",
                description: "Recommends waiting at home with suspected appendicitis instead of surgical review today.",
                importance: .pitfall,
                weight: 4,
                polarity: .negative,
                kind: .content
            ),
        ]
    )

    /// Questions of biology, chemistry, physics and mathematics.
    package static let science = SynthesisDomain(
        name: "science",
        version: 1,
        expertise: "a researcher and examiner in the natural sciences, who writes down what makes an answer right, and "
            + "how one sees that it was reasoned and not guessed",
        aspects: [
            "the final result: value with unit and sign, formula, compound, mechanism or choice",
            "the principle or law that the result rests on, and that it applies here",
            "the steps that carry the argument, each of which can be checked",
            "assumptions, limits and approximations that the result depends on",
            "the error that people make most often with this very question",
            "notation and structure that let a reader follow",
        ],
        guidance: """
            Give results in figures: "about 3.2 m/s", with the tolerance that is fair. Where the question has parts, each \
            part has an essential item that names it. An item about a step says what the step finds, not only that there \
            is one.
            """,
        examples: [
            Example(
                title: "Gives the speed",
                description: "Gives the speed at the bottom as 3.2 m/s, within 0.1 m/s.",
                importance: .essential,
                weight: 5,
                polarity: .positive,
                kind: .content
            ),
            Example(
                title: "Keeps rotation apart",
                description: "Does not treat the rolling ball as if it slid without rotating.",
                importance: .pitfall,
                weight: 3,
                polarity: .positive,
                kind: .content
            ),
        ]
    )

    /// Any request.
    package static let general = SynthesisDomain(
        name: "general",
        version: 1,
        expertise: "an expert in whatever the prompt is about, who writes down what the person who asks needs from an "
            + "answer",
        aspects: [
            "the facts, the result or the product that is asked for",
            "every constraint that the prompt states: length, format, language, audience, what to leave out",
            "the reasons or steps that a reader needs to trust or use the answer",
            "usefulness: what makes the answer work for this person's purpose",
            "harm: what an answer to this prompt must not do",
            "form that suits the purpose",
        ],
        guidance: """
            For creative work, judge what the prompt asks for and what a reader can point at, not taste. For code, judge \
            what it does on inputs that you name.
            """,
        examples: [
            Example(
                title: "Keeps to three",
                description: "Lists exactly three destinations.",
                importance: .important,
                weight: 3,
                polarity: .positive,
                kind: .form
            )
        ]
    )

    /// Conversations of several turns.
    package static let dialogue = SynthesisDomain(
        name: "dialogue",
        version: 1,
        expertise: "an expert in whatever the conversation is about and in conversation itself, who writes down what "
            + "the next answer has to do",
        aspects: [
            "what the user's last message asks for, read in the light of the turns before it",
            "what was said earlier and still holds: facts, wishes, constraints, corrections",
            "mistakes of earlier answers that the next one has to set right",
            "what is still unknown and has to be asked, where guessing would do harm",
            "tone that suits how the user writes and feels",
            "new substance instead of what was said already",
        ],
        guidance: """
            Only the next answer is judged. Each item says in its own words what earlier turns matter for it, for example \
            "Takes into account that the user is allergic to penicillin", so that it can be checked by itself.
            """,
        examples: [
            Example(
                title: "Uses stated allergy",
                description: "Recommends no penicillin, because the user has said that penicillin gives them hives.",
                importance: .essential,
                weight: 5,
                polarity: .positive,
                kind: .content
            )
        ]
    )
}
