// SPDX-License-Identifier: Apache-2.0

import Judging
import Rubrics

/// Makes an answer worse in ways that need no model: by leaving sentences out, and by turning statements round.
package struct Degradation: Sendable {
    private let sentences: [String]
    private let text: String
    private let seed: UInt64

    /// Takes an answer.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - seed: What the order in which sentences go is drawn from.
    package init(of text: String, seed: UInt64) {
        self.text = text
        self.seed = seed
        sentences = Sentences.texts(in: text)
    }

    /// The answer with a share of it left, the same sentences and fewer as the share falls.
    ///
    /// An answer of one sentence loses its last words instead.
    ///
    /// - Parameter share: How much is left, in (0, 1).
    /// - Returns: What is left; `nil` where that is all or nothing.
    package func keeping(_ share: Double) -> String? {
        guard sentences.count > 1 else { return keepingWords(share) }
        let count = Int((share * Double(sentences.count)).rounded())
        guard count > 0, count < sentences.count else { return nil }
        var generator = SplitMix64(seed: seed, path: text.stableHash)
        let kept = Set(sentences.indices.shuffled(using: &generator).prefix(count))
        return sentences.indices.filter(kept.contains).map { sentences[$0] }.joined(separator: " ")
    }

    private func keepingWords(_ share: Double) -> String? {
        let words = text.unicodeScalars.split { $0.properties.isWhitespace }
        let count = Int((share * Double(words.count)).rounded())
        guard count > 0, count < words.count else { return nil }
        return words.prefix(count).map { String($0) }.joined(separator: " ") + "."
    }

    // MARK: - Contradiction

    /// Words that turn a statement round when they change places.
    private static let opposites: [(String, String)] = [
        ("increase", "decrease"), ("increases", "decreases"), ("increased", "decreased"), ("higher", "lower"),
        ("high", "low"), ("more", "less"), ("most", "least"), ("always", "never"), ("before", "after"),
        ("above", "below"), ("faster", "slower"), ("larger", "smaller"), ("hot", "cold"), ("warm", "cool"),
        ("left", "right"), ("up", "down"), ("gain", "lose"), ("gains", "loses"), ("absorb", "release"),
        ("absorbs", "releases"), ("positive", "negative"), ("safe", "unsafe"), ("avoid", "take"), ("start", "stop"),
        ("early", "late"), ("longer", "shorter"), ("inside", "outside"), ("often", "rarely"), ("first", "last"),
    ]

    private static let turned = Dictionary(
        opposites.flatMap { [(ExactText($0.0), $0.1), (ExactText($0.1), $0.0)] },
        uniquingKeysWith: { first, _ in first }
    )

    /// The answer with its numbers tripled and its directions turned round.
    ///
    /// - Returns: `nil` where there was nothing to turn.
    package var contradiction: String? {
        var changes = 0
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            guard let turned = Self.turned(word) else { return String(word) }
            changes += 1
            return turned
        }
        return changes > 0 ? words.joined(separator: " ") : nil
    }

    /// A word turned round, with the punctuation around it; `nil` for one that has no opposite.
    private static func turned(_ word: Substring) -> String? {
        let scalars = Array(word.unicodeScalars)
        let isPart: (Unicode.Scalar) -> Bool = { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        guard let first = scalars.firstIndex(where: isPart), let last = scalars.lastIndex(where: isPart) else {
            return nil
        }
        let core = String(String.UnicodeScalarView(scalars[first...last]))
        guard let other = Int(core).map({ String($0 &* 3) }) ?? Self.turned[ExactText(core.lowercased())] else {
            return nil
        }
        let head = String(String.UnicodeScalarView(scalars[..<first]))
        return head + other + String(String.UnicodeScalarView(scalars[(last + 1)...]))
    }
}
