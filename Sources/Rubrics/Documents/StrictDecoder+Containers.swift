// SPDX-License-Identifier: Apache-2.0

struct StrictKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: StrictDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] {
        decoder.cursor.value.object?.members.compactMap { Key(stringValue: $0.key) } ?? []
    }

    func contains(_ key: Key) -> Bool {
        decoder.ask(for: key)
        return decoder.cursor.value[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        try cursor(for: key).value == .null
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try StrictDecoder.decode(type, at: cursor(for: key), of: decoder.root)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder.nested(cursor(for: key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder.nested(cursor(for: key)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        decoder.nested(try cursor(for: key))
    }

    private func cursor(for key: Key) throws -> DocumentCursor {
        guard contains(key) else {
            let context = DecodingError.Context(codingPath: codingPath, debugDescription: "missing key")
            throw DecodingError.keyNotFound(key, context)
        }
        return decoder.cursor.raw(key.stringValue)
    }
}

struct StrictUnkeyedContainer: UnkeyedDecodingContainer {
    let decoder: StrictDecoder
    let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(decoder: StrictDecoder, elements: [JSONValue]) {
        self.decoder = decoder
        self.elements = elements
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try next().value == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try StrictDecoder.decode(type, at: next(), of: decoder.root)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let container = try decoder.nested(next()).container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try decoder.nested(next()).unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let nested = try decoder.nested(next())
        currentIndex += 1
        return nested
    }

    private func next() throws -> DocumentCursor {
        guard elements.indices.contains(currentIndex) else {
            throw decoder.cursor.error("\(decoder.cursor.subject) has only \(elements.count) elements")
        }
        return decoder.cursor.element(currentIndex, elements[currentIndex])
    }
}

struct StrictSingleValueContainer: SingleValueDecodingContainer {
    let decoder: StrictDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool {
        decoder.cursor.value == .null
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try StrictDecoder.decode(type, at: decoder.cursor, of: decoder.root)
    }
}
