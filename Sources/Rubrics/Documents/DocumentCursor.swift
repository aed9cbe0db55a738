// SPDX-License-Identifier: Apache-2.0

/// A value inside a document: read it as a type, or go further down; every error names its place.
package struct DocumentCursor: Sendable {
    /// The value.
    package let value: JSONValue
    let path: DocumentPath
    private let document: Document

    init(document: Document) {
        self.init(value: document.json, path: DocumentPath(), document: document)
    }

    private init(value: JSONValue, path: DocumentPath, document: Document) {
        self.value = value
        self.path = path
        self.document = document
    }

    /// The name of the file, for errors.
    package var file: String { document.file }

    /// An error at this value.
    package func error(_ message: String, remedy: String? = nil) -> DocumentError {
        document.error(at: path, message, remedy: remedy)
    }

    // MARK: - Plain values

    /// The text.
    package func text() throws -> String {
        guard let text = value.string else { throw mismatch("a text") }
        return text
    }

    /// The text, which holds more than white space.
    package func nonBlankText() throws -> String {
        let text = try text()
        guard text.unicodeScalars.contains(where: { !$0.isSpace }) else {
            throw error("\(subject) is blank", remedy: "write a text")
        }
        return text
    }

    /// The finite number.
    package func number() throws -> Double {
        guard let number = value.double else { throw mismatch("a number") }
        guard number.isFinite else { throw error("\(subject) is not a finite number") }
        return number
    }

    /// The integer, as wide as `type`.
    package func integer<Integer: FixedWidthInteger>(_ type: Integer.Type = Int.self) throws -> Integer {
        guard let integer = value.int else { throw mismatch("an integer") }
        guard let exact = Integer(exactly: integer) else {
            throw error(
                "\(subject) is \(integer), out of range",
                remedy: "use a number from \(Integer.min) to \(Integer.max)"
            )
        }
        return exact
    }

    /// The truth value.
    package func bool() throws -> Bool {
        if let bool = value.bool { return bool }
        let words = ["yes", "no", "on", "off"]
        let looksLikeOne = value.string.map { words.contains($0.lowercased()) } ?? false
        throw mismatch("true or false", remedy: looksLikeOne ? "write true or false" : nil)
    }

    /// One of an enumeration's words.
    package func choice<Choice>(_ type: Choice.Type) throws -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        let word = try text()
        if let choice = Choice.allCases.first(where: { $0.rawValue.isExactly(word) }) { return choice }
        throw unknownWord(word, among: Choice.allCases.map(\.rawValue))
    }

    // MARK: - Lists and mappings

    /// The elements of a list.
    package func elements() throws -> [DocumentCursor] {
        guard let elements = value.array else { throw mismatch("a list") }
        return elements.enumerated().map { below($1, .index($0)) }
    }

    /// The members of a mapping.
    package func object() throws -> JSONObject {
        guard let object = value.object else { throw mismatch("a mapping") }
        return object
    }

    /// The texts of a list.
    package func texts() throws -> [String] {
        try elements().map { try $0.text() }
    }

    /// The value of a key; `nil` when it is missing or null.
    package func member(_ key: String) -> DocumentCursor? {
        guard let value = value[key], value != .null else { return nil }
        return below(value, .key(ExactText(key)))
    }

    /// The value of a key that has to be there.
    package func required(_ key: String) throws -> DocumentCursor {
        guard let member = member(key) else { throw missing(key) }
        return member
    }

    /// Refuses anything but a mapping whose keys are all known.
    package func requireKeys(_ known: [String]) throws {
        guard let object = value.object else { throw mismatch("a mapping") }
        for (key, _) in object.members where !known.contains(where: { $0.isExactly(key) }) {
            throw unknownKey(key, among: known)
        }
    }

    func element(_ index: Int, _ value: JSONValue) -> DocumentCursor {
        below(value, .index(index))
    }

    /// The value of a key as it stands, null or missing included.
    func raw(_ key: String) -> DocumentCursor {
        below(value[key] ?? .null, .key(ExactText(key)))
    }

    private func below(_ value: JSONValue, _ component: DocumentPath.Component) -> DocumentCursor {
        DocumentCursor(value: value, path: path.appending(component), document: document)
    }

    // MARK: - Errors

    /// What messages call the value.
    var subject: String {
        path.name.map { "\"\($0)\"" } ?? "the document"
    }

    func mismatch(_ expected: String, remedy: String? = nil) -> DocumentError {
        error("expected \(expected)\(path.name.map { " for \"\($0)\"" } ?? ""), found \(found)", remedy: remedy)
    }

    func missing(_ key: String) -> DocumentError {
        error("missing key \"\(key)\"\(path.name.map { " in \"\($0)\"" } ?? "")")
    }

    func unknownKey(_ key: String, among known: [String]) -> DocumentError {
        document.error(
            at: path.appending(key: key),
            ofKey: true,
            "unknown key \"\(key)\"",
            remedy: NearestName.remedy(for: key, among: known, noun: "keys")
        )
    }

    func unknownWord(_ word: String, among known: [String]) -> DocumentError {
        error(
            "unknown word \"\(word)\" for \(subject)",
            remedy: NearestName.remedy(for: word, among: known, noun: "words")
        )
    }

    private var found: String {
        switch value {
        case .null, .bool, .integer, .number: value.serialized()
        case .string(let text) where text.unicodeScalars.count <= 40: "the text \(value.serialized())"
        case .string, .array, .object: value.kind
        }
    }
}

extension Document {
    /// The document's root.
    package var root: DocumentCursor {
        DocumentCursor(document: self)
    }
}
