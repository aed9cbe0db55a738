// SPDX-License-Identifier: Apache-2.0

/// Phrases that are looked for among words: a table from their first words.
struct PhraseList: Sendable {
    private struct Phrase {
        var text: String
        var rest: [UInt64]
    }

    private var phrases: [UInt64: [Phrase]] = [:]

    /// Makes a list; each phrase is words in lower case between spaces.
    init(_ texts: [String]) {
        for text in texts {
            let words = text.utf8.split(separator: UInt8(ascii: " ")).map {
                $0.reduce(UInt64.wordHash) { $0.hashed(with: $1) }
            }
            guard let first = words.first else { continue }
            phrases[first, default: []].append(Phrase(text: text, rest: Array(words.dropFirst())))
        }
    }

    /// The first words.
    var firstWords: [UInt64] { Array(phrases.keys) }

    /// The first phrase that stands among words, with the positions of its words.
    func first(in words: [LintWord]) -> (phrase: String, range: Range<Int>)? {
        for index in words.indices where words[index].classes.contains(.phraseStart) {
            guard let candidates = phrases[words[index].hash] else { continue }
            for candidate in candidates where stands(candidate.rest, in: words, at: index + 1) {
                return (candidate.text, index..<(index + 1 + candidate.rest.count))
            }
        }
        return nil
    }

    /// Whether words start with one of the phrases.
    func opens(_ words: ArraySlice<LintWord>) -> String? {
        guard let first = words.first, let candidates = phrases[first.hash] else { return nil }
        let all = Array(words.prefix(8))
        return candidates.first { stands($0.rest, in: all, at: 1) }?.text
    }

    private func stands(_ rest: [UInt64], in words: [LintWord], at index: Int) -> Bool {
        index + rest.count <= words.count && rest.indices.allSatisfy { words[index + $0].hash == rest[$0] }
    }
}
