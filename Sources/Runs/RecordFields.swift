// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// Reads the members of one record; what is missing or of another type is an error that names file and key.
struct RecordFields {
    let value: JSONValue
    let file: String

    func integer(_ key: String) throws -> Int {
        try require(value[key]?.int, key, "an integer")
    }

    func number(_ key: String) throws -> Double {
        try require(value[key]?.double, key, "a number")
    }

    func text(_ key: String) throws -> String {
        try require(value[key]?.string, key, "a text")
    }

    func list(_ key: String) throws -> [JSONValue] {
        try require(value[key]?.array, key, "a list")
    }

    func fields(_ key: String) throws -> RecordFields {
        let object = try require(value[key]?.object, key, "an object")
        return RecordFields(value: .object(object), file: file)
    }

    /// A value that says in which of a few words something stands; `nil` for null and for a missing key.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, of type: Word.Type) throws -> Word? {
        guard let text = value[key]?.string else { return nil }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return try require(Word(rawValue: text), key, "one of \(words)")
    }

    func require<Value>(_ found: Value?, _ key: String, _ kind: String) throws -> Value {
        guard let found else {
            throw RunError(
                .damaged,
                path: file,
                message: "`\(key)` must be \(kind)",
                remedy: "the file was changed or comes from another version; Docs/run-directory.md describes it"
            )
        }
        return found
    }
}

extension JSONValue {
    /// The value, or null where there is none.
    package init<Value>(_ optional: Value?, _ make: (Value) -> JSONValue) {
        self = optional.map(make) ?? .null
    }

    /// Texts as a list.
    init(texts: [String]) {
        self = .array(texts.map(JSONValue.string))
    }
}
