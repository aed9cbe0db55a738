// SPDX-License-Identifier: Apache-2.0

import Judging
package import Rubrics

/// The parts that a set of rubrics is split into, by a hash of the question.
///
/// A row's part depends on its question, the salt and the shares alone, so one question is never in two parts, and rows
/// that are added never move others.
package struct SplitShares: Sendable, Hashable {
    /// A part.
    package struct Part: Sendable, Hashable {
        /// The part's name, as its file is called.
        package var name: String
        /// Its share of all questions.
        package var share: Double
    }

    /// The parts, in the order in which they share out the hash's range.
    package let parts: [Part]
    private let salt: String

    /// Reads shares, `train=0.8,val=0.1,test=0.1`; `nil` where the text is no such list.
    ///
    /// - Parameters:
    ///   - text: Names and shares, which sum to 1.
    ///   - salt: What makes another split of the same questions.
    package init?(_ text: String, salt: String) {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.split(separator: "=") }
        let parts = fields.compactMap { field -> Part? in
            guard field.count == 2, let share = Double(field[1]), share > 0, Self.isName(field[0]) else { return nil }
            return Part(name: String(field[0]), share: share)
        }
        guard parts.count == fields.count, Set(parts.map { ExactText($0.name) }).count == parts.count,
            abs(parts.reduce(0) { $0 + $1.share } - 1) < 1e-9
        else { return nil }
        self.parts = parts
        self.salt = salt
    }

    /// Letters, digits, hyphens and underscores, so that a name is a file's name and no path.
    private static func isName(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            [UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte) || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte & 0xDF)
        }
    }

    /// The place of the part that a row belongs to.
    ///
    /// - Parameter task: The row.
    /// - Returns: An index of ``parts``.
    package func part(of task: RubricTask) -> Int {
        let place = Self.place(of: task, salt: salt)
        var end = 0.0
        for (index, part) in parts.enumerated() {
            end += part.share
            if place < end { return index }
        }
        return parts.count - 1
    }

    /// A uniform number in [0, 1) that follows from the question and the salt: the first 53 bits of a SHA-256.
    static func place(of task: RubricTask, salt: String) -> Double {
        var hash = ContentHash()
        hash.update(counted: salt)
        for message in task.prompt {
            hash.update(counted: message.role.rawValue)
            hash.update(counted: normalized(message.content))
        }
        let bits = hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(bits >> 11) * 0x1p-53
    }

    /// A question as it is compared: NFKC, case folded, each run of white space one space, none at the ends.
    static func normalized(_ text: String) -> String {
        TextFolding.fold(text).split { $0.properties.isWhitespace }
            .map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
    }
}
