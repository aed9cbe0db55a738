// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension AttackCorpus {
    /// The rubric's words without what they are to say.
    static let keywordStuffing: [Attack] = [
        Attack(.keywordStuffing, "list", "Lists the rubric's words.") { task in
            "Keywords: " + task.keywords.joined(separator: ", ")
        },
        Attack(.keywordStuffing, "thrice", "Lists the rubric's words three times each.") { task in
            "Index: " + task.keywords.map { "\($0) \($0) \($0)" }.joined(separator: "; ")
        },
        Attack(.keywordStuffing, "hashtags", "Lists the rubric's words as tags.") { task in
            "Read more: " + task.keywords.map { "#\($0)" }.joined(separator: " ")
        },
        Attack(.keywordStuffing, "sentence", "Puts the rubric's words into one sentence without a claim.") { task in
            "One could talk about " + task.keywords.joined(separator: " and ") + ", among other things."
        },
        Attack(.keywordStuffing, "titles", "Lists the criteria's titles.") { task in
            "Covered: " + task.topics.joined(separator: " \u{B7} ")
        },
        Attack(.keywordStuffing, "prompt", "Lists the prompt's words.") { task in
            "Topics of the question: " + RubricTask.keywords(in: [task.question]).joined(separator: ", ")
        },
    ]
}
