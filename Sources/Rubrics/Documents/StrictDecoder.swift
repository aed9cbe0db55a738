// SPDX-License-Identifier: Apache-2.0

extension Document {
    /// Decodes the document strictly.
    ///
    /// A key that the type does not know is an error that names the nearest known one; make `CodingKeys` `CaseIterable`
    /// so that all of them are candidates. Wrong types, missing keys, unknown words of enumerations and what `init(from:)`
    /// throws are located too. A `null` counts as missing for optional values.
    ///
    /// - Parameter type: What to decode.
    /// - Returns: The decoded value.
    /// - Throws: ``DocumentError`` at the value that does not fit.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try StrictDecoder.decode(type, at: root, of: root)
    }
}

/// Decodes one value and remembers which keys were known, to refuse the others afterwards.
final class StrictDecoder: Decoder {
    let cursor: DocumentCursor
    let root: DocumentCursor
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private var accepts: [(String) -> Bool] = []
    private var candidates: [String] = []
    private var children: [StrictDecoder] = []

    private init(cursor: DocumentCursor, root: DocumentCursor) {
        self.cursor = cursor
        self.root = root
    }

    var codingPath: [any CodingKey] {
        cursor.path.components.map(PathKey.init)
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        at cursor: DocumentCursor,
        of root: DocumentCursor
    ) throws -> Value {
        if let plain = try plainValue(type, at: cursor) as? Value { return plain }
        let decoder = StrictDecoder(cursor: cursor, root: root)
        do {
            let value = try Value(from: decoder)
            try decoder.refuseUnknownKeys()
            return value
        } catch let error as DocumentError {
            throw error
        } catch let error as DecodingError {
            // A misspelt key is the likely cause of a missing one, so it is reported first.
            try decoder.refuseUnknownKeys()
            throw decoder.located(error, decoding: type)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw cursor.error("\(error)")
        }
    }

    /// The values that decode themselves by asking the decoder for themselves.
    private static func plainValue(_ type: Any.Type, at cursor: DocumentCursor) throws -> Any? {
        switch type {
        case is Bool.Type: try cursor.bool()
        case is String.Type: try cursor.text()
        case is Double.Type: try cursor.number()
        case is Float.Type: Float(try cursor.number())
        case let integer as any FixedWidthInteger.Type: try plainInteger(integer, at: cursor)
        default: nil
        }
    }

    private static func plainInteger<Integer: FixedWidthInteger>(
        _ type: Integer.Type,
        at cursor: DocumentCursor
    ) throws -> Any {
        try cursor.integer(type)
    }

    // MARK: - Keys

    func accept<Key: CodingKey>(_ type: Key.Type) {
        if let type = type as? any CaseIterable.Type {
            candidates += allKeys(type)
        }
        accepts.append { Key(stringValue: $0) != nil }
    }

    func ask(for key: any CodingKey) {
        candidates.append(key.stringValue)
    }

    private func allKeys<Keys: CaseIterable>(_ type: Keys.Type) -> [String] {
        type.allCases.compactMap { ($0 as? any CodingKey)?.stringValue }
    }

    private func refuseUnknownKeys() throws {
        for child in children { try child.refuseUnknownKeys() }
        guard !accepts.isEmpty, let object = cursor.value.object else { return }
        for (key, _) in object.members where !accepts.contains(where: { $0(key) }) {
            let known = candidates.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            throw cursor.unknownKey(key, among: known)
        }
    }

    // MARK: - Errors

    private func located<Value>(_ error: DecodingError, decoding type: Value.Type) -> DocumentError {
        switch error {
        case .keyNotFound(let key, let context): return place(context.codingPath).missing(key.stringValue)
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return place(context.codingPath).error(context.debugDescription)
        case .dataCorrupted(let context):
            if context.codingPath.count == codingPath.count, let word = cursor.value.string, let known = words(of: type)
            {
                return cursor.unknownWord(word, among: known)
            }
            return place(context.codingPath).error(context.debugDescription)
        @unknown default: return cursor.error("\(error)")
        }
    }

    private func place(_ path: [any CodingKey]) -> DocumentCursor {
        path.reduce(root) { cursor, key in
            if let index = key.intValue, let elements = cursor.value.array, elements.indices.contains(index) {
                return cursor.element(index, elements[index])
            }
            return cursor.raw(key.stringValue)
        }
    }

    /// The words of an enumeration with texts for raw values.
    private func words<Value>(of type: Value.Type) -> [String]? {
        func words<Cases: CaseIterable>(_ type: Cases.Type) -> [String] {
            type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        }
        guard let cases = type as? any CaseIterable.Type else { return nil }
        let found = words(cases)
        return found.isEmpty ? nil : found
    }

    // MARK: - Containers

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard cursor.value.object != nil else { throw cursor.mismatch("a mapping") }
        accept(type)
        return KeyedDecodingContainer(StrictKeyedContainer(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = cursor.value.array else { throw cursor.mismatch("a list") }
        return StrictUnkeyedContainer(decoder: self, elements: elements)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        StrictSingleValueContainer(decoder: self)
    }

    func nested(_ cursor: DocumentCursor) -> StrictDecoder {
        let child = StrictDecoder(cursor: cursor, root: root)
        children.append(child)
        return child
    }
}

/// A component of a coding path.
struct PathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ component: DocumentPath.Component) {
        switch component {
        case .key(let key): (stringValue, intValue) = (key.text, nil)
        case .index(let index): (stringValue, intValue) = ("[\(index)]", index)
        }
    }

    init?(stringValue: String) {
        (self.stringValue, intValue) = (stringValue, nil)
    }

    init?(intValue: Int) {
        (stringValue, self.intValue) = ("[\(intValue)]", intValue)
    }
}
