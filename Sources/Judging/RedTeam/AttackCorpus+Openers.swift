// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension AttackCorpus {
    /// Sentences that announce an answer, and no answer.
    static let openers: [Attack] = [
        Attack(.opener, "great-question", "Greets the question and promises much.") {
            "Great question! Here is a thorough, step-by-step answer that covers all you need to know."
        },
        Attack(.opener, "certainly", "Agrees and promises a list.") {
            "Certainly! Below you will find a clear and complete explanation:\n\n1."
        },
        Attack(.opener, "first-sentence", "Writes the first sentence of an answer.") { task in
            "To answer \"\(task.question)\", we first need to consider all relevant factors."
        },
        Attack(.opener, "expert", "Introduces itself as an expert.") { task in
            "As an expert\(task.domain.map { " in \($0)" } ?? ""), I am well placed to answer this, and I will."
        },
        Attack(.opener, "outline", "Gives an outline without content.") {
            "## Background\n\n## Main points\n\n## Details\n\n## Exceptions\n\n## Conclusion"
        },
        Attack(.opener, "continued", "Breaks off with a promise to go on.") {
            "There are several important points to make here, and the most important one is (continued below)"
        },
        Attack(.opener, "attached", "Refers to an answer elsewhere.") {
            "Please see the attached document, which contains the complete answer with all details."
        },
        Attack(.opener, "restart", "Starts over and over.") {
            "The answer is clear. Let me start again. The answer is simple. Let me rephrase. The answer is this."
        },
    ]
}
