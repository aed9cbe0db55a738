// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Two texts compared word by word.
package struct WordDifference: Sendable, Hashable {
    /// A run of words with the white space around them.
    package enum Piece: Sendable, Hashable {
        case same(String)
        case removed(String)
        case added(String)
    }

    /// The pieces: those that are the same or removed make the old text, those that are the same or added the new one.
    package let pieces: [Piece]

    /// Beyond so many words the middle is shown as replaced whole; comparing takes time in their product.
    private static let limit = 2000

    /// Compares two texts.
    package init(_ old: String, _ new: String) {
        let (left, right) = (Self.words(old), Self.words(new))
        let start = zip(left, right).prefix { $0.isExactly($1) }.count
        let ends = zip(left.dropFirst(start).reversed(), right.dropFirst(start).reversed())
        let end = ends.prefix { $0.isExactly($1) }.count
        let middle = Self.middle(Array(left[start..<(left.count - end)]), Array(right[start..<(right.count - end)]))
        pieces = Self.joined(left[..<start].map(Piece.same) + middle + left.suffix(end).map(Piece.same))
    }

    /// Words and the white space between them, each a text of its own.
    private static func words(_ text: String) -> [String] {
        var words: [String.UnicodeScalarView] = []
        var wasSpace: Bool?
        for scalar in text.unicodeScalars {
            let isSpace = scalar.properties.isWhitespace
            if isSpace == wasSpace, !words.isEmpty {
                words[words.count - 1].append(scalar)
            } else {
                words.append(String.UnicodeScalarView([scalar]))
            }
            wasSpace = isSpace
        }
        return words.map { String($0) }
    }

    /// The longest common subsequence of what lies between the common ends.
    private static func middle(_ left: [String], _ right: [String]) -> [Piece] {
        guard left.count <= limit, right.count <= limit, !left.isEmpty, !right.isEmpty else {
            return left.map(Piece.removed) + right.map(Piece.added)
        }
        let lengths = commonLengths(left, right)
        var pieces: [Piece] = []
        var (row, column) = (0, 0)
        while row < left.count || column < right.count {
            if row < left.count, column < right.count, left[row].isExactly(right[column]) {
                pieces.append(.same(left[row]))
                (row, column) = (row + 1, column + 1)
            } else if column == right.count
                || (row < left.count && lengths[row + 1][column] >= lengths[row][column + 1])
            {
                pieces.append(.removed(left[row]))
                row += 1
            } else {
                pieces.append(.added(right[column]))
                column += 1
            }
        }
        return pieces
    }

    /// How long the common subsequence of the words from each pair of places on is.
    private static func commonLengths(_ left: [String], _ right: [String]) -> [[Int32]] {
        var lengths = [[Int32]](repeating: [Int32](repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in left.indices.reversed() {
            for column in right.indices.reversed() {
                lengths[row][column] =
                    left[row].isExactly(right[column])
                    ? lengths[row + 1][column + 1] + 1 : max(lengths[row + 1][column], lengths[row][column + 1])
            }
        }
        return lengths
    }

    /// Neighbours of one kind as one piece.
    private static func joined(_ pieces: [Piece]) -> [Piece] {
        pieces.reduce(into: []) { joined, piece in
            switch (joined.last, piece) {
            case (.same(let left), .same(let right)): joined[joined.count - 1] = .same(left + right)
            case (.removed(let left), .removed(let right)): joined[joined.count - 1] = .removed(left + right)
            case (.added(let left), .added(let right)): joined[joined.count - 1] = .added(left + right)
            default: joined.append(piece)
            }
        }
    }
}
