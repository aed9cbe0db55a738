// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// Reads keys of a model's JSON files; errors name the file and the key.
package struct ConfigurationReader {
    package let json: JSONValue
    package let file: String

    /// Parses the file at `path`.
    package init(path: String) throws {
        file = path
        let mapped = try MappedFile(path: path)
        json = try mapped.withBytes { try JSONParser.parse($0, file: path) }
    }

    package init(json: JSONValue, file: String) {
        self.json = json
        self.file = file
    }

    /// The value of a key; `null` counts as missing.
    package subscript(key: String) -> JSONValue? {
        guard let value = json[key], value != .null else { return .none }
        return value
    }

    /// A key's value as `read` sees it, or `nil` when the key is missing.
    package func optional<Value>(_ key: String, _ expected: String, _ read: (JSONValue) -> Value?) throws -> Value? {
        guard let value = self[key] else { return nil }
        guard let result = read(value) else {
            throw ModelFileError(.malformed, file: file, place: "key \"\(key)\"", "expected \(expected)")
        }
        return result
    }

    package func integer(_ key: String) throws -> Int? {
        try optional(key, "a whole number", \.int)
    }

    package func number(_ key: String) throws -> Double? {
        try optional(key, "a number", \.double)
    }

    package func bool(_ key: String) throws -> Bool? {
        try optional(key, "true or false", \.bool)
    }

    package func string(_ key: String) throws -> String? {
        try optional(key, "a text", \.string)
    }

    /// A whole number that must be there.
    package func requiredInteger(_ key: String) throws -> Int {
        guard let value = try integer(key) else {
            throw ModelFileError(.malformed, file: file, place: "key \"\(key)\"", "the key is missing")
        }
        return value
    }

    /// One token id or several.
    package func tokenIDs(_ key: String) throws -> [Int32]? {
        try optional(key, "a token id or a list of them") { value in
            let values = value.array ?? [value]
            let ids = values.compactMap { $0.int.flatMap(Int32.init(exactly:)) }
            return ids.count == values.count ? ids : nil
        }
    }

    package func unsupported(_ key: String, _ message: String, remedy: String? = nil) -> ModelFileError {
        ModelFileError(.unsupported, file: file, place: "key \"\(key)\"", message, remedy: remedy)
    }
}
