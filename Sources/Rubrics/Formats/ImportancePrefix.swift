// SPDX-License-Identifier: Apache-2.0

/// "Essential Criteria: " in front of a description, slips included.
struct ImportancePrefix {
    /// `nil` for a word that is none of the paper's four, such as "Universal Criteria: ".
    let importance: Importance?
    /// What stands in front of the colon.
    let written: String
    private let remainder: Substring

    /// Words that stand in the data for one of the four.
    private static let synonyms: [String: Importance] = [
        "importance": .important, "option": .optional, "mandatory": .essential, "required": .essential,
        "pitfalls": .pitfall,
    ]

    /// - Returns: `nil` when the text does not start with an importance.
    init?(of text: String) {
        guard let colon = text.utf8.prefix(40).firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let words = Self.words(of: text[..<colon])
        guard let word = words.first, words.count <= 2 else { return nil }
        let hasNoun = words.count == 2 && NearestName.nearest(to: words[1], among: ["criteria", "criterion"]) != nil
        let exact = Importance(rawValue: word)
        guard hasNoun || (words.count == 1 && exact != nil) else { return nil }
        importance =
            exact ?? Self.synonyms[word]
            ?? NearestName.nearest(to: word, among: Importance.allCases.map(\.rawValue)).flatMap(Importance.init)
        written = String(text[..<colon])
        let rest = text[text.utf8.index(after: colon)...].unicodeScalars
        remainder = Substring(rest.drop { $0.isSpace })
    }

    /// Whether the prefix is written as the format writes it.
    func isRegular(_ assumed: Importance) -> Bool {
        Self.words(of: written[...]).joined(separator: " ") == "\(assumed.rawValue) criteria"
    }

    private static func words(of text: Substring) -> [String] {
        text.unicodeScalars.split { $0.isSpace }.map { String($0).lowercased() }
    }

    /// What stands behind the prefix.
    var statement: String { String(remainder) }

    func rest(at place: DocumentCursor) throws -> String {
        guard !remainder.isEmpty else {
            throw place.error("nothing after \"\(written):\"", remedy: "write what the criterion states")
        }
        return String(remainder)
    }
}
