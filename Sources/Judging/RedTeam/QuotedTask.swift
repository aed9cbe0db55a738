// SPDX-License-Identifier: Apache-2.0

import Rubrics

extension RubricTask {
    /// What the user said last, or whoever spoke last.
    var question: String {
        (prompt.last { $0.role == .user } ?? prompt.last)?.content ?? ""
    }

    /// The criteria's statements, in the rubric's order.
    var statements: [String] {
        criteria.map(\.description)
    }

    /// What each criterion is about: its title, or its statement where it has none.
    var topics: [String] {
        criteria.map { criterion in
            let isBlank = criterion.title.unicodeScalars.allSatisfy(\.properties.isWhitespace)
            return isBlank ? criterion.description : criterion.title
        }
    }

    /// The rubric's telling words, folded, each once, in the order in which the statements bring them.
    var keywords: [String] {
        Self.keywords(in: statements)
    }

    /// The first half of each statement's words.
    var halfStatements: [String] {
        statements.map { statement in
            let words = statement.unicodeScalars.split(separator: " ")
            return words.prefix((words.count + 1) / 2).map { String($0) }.joined(separator: " ")
        }
    }

    /// The telling words of some texts: those of four or more scalars, but for common ones, and all ideographs.
    ///
    /// - Parameter texts: Statements of a rubric, or other texts.
    /// - Returns: The words, folded, each once, in the order in which the texts bring them.
    package static func keywords(in texts: [String]) -> [String] {
        var seen = commonWords
        return texts.flatMap { text in
            let completion = CompletionText(text)
            return completion.words
                .map { String(String.UnicodeScalarView(completion.normalized.scalars[$0])) }
                .filter { isTelling($0) && seen.insert(ExactText($0)).inserted }
        }
    }

    private static func isTelling(_ word: String) -> Bool {
        word.unicodeScalars.count >= 4 || word.unicodeScalars.contains(where: \.properties.isIdeographic)
    }

    /// Words of rubrics that say nothing of the subject.
    private static let commonWords = Set(
        [
            "about", "advises", "also", "answer", "avoids", "completion", "describes", "does", "each", "explains",
            "from", "gives", "identifies", "into", "mentions", "names", "notes", "only", "other", "recommends",
            "response", "says", "should", "some", "states", "such", "suggests", "than", "that", "their", "them",
            "there", "these", "they", "this", "when", "which", "with", "without",
        ].map { ExactText($0) }
    )
}

extension [String] {
    /// One text a line, each behind a marker.
    func lines(after marker: String = "- ") -> String {
        map { marker + $0 }.joined(separator: "\n")
    }
}
