// SPDX-License-Identifier: Apache-2.0

/// A list of phrases, found among words by their first one.
struct Phrases: Sendable, ExpressibleByArrayLiteral {
    private let byFirstWord: [String: [[String]]]

    /// Makes a list.
    ///
    /// - Parameter phrases: The phrases, their words parted by spaces.
    init(_ phrases: [String]) {
        let parted = phrases.map { $0.split(separator: " ").map(String.init) }
        byFirstWord = Dictionary(grouping: parted.filter { !$0.isEmpty }) { $0[0] }
    }

    /// Makes a list.
    init(arrayLiteral phrases: String...) {
        self.init(phrases)
    }

    /// How many words of a phrase the words begin with; `nil` where they begin with none.
    func length(atStartOf words: ArraySlice<String>) -> Int? {
        guard let first = words.first, let phrases = byFirstWord[first] else { return nil }
        return phrases.first { words.starts(with: $0) }?.count
    }

    /// Whether the words begin with a phrase.
    func begin(_ words: ArraySlice<String>) -> Bool {
        length(atStartOf: words) != nil
    }

    /// Whether a phrase stands among the words.
    func stand(in words: [String]) -> Bool {
        words.indices.contains { begin(words[$0...]) }
    }
}
