// SPDX-License-Identifier: Apache-2.0

/// Reads a GGUF file's header from front to back; every read is bounded, every error names the byte.
struct GGUFCursor {
    let bytes: UnsafeRawBufferPointer
    let path: String
    private(set) var offset = 0
    /// Arrays of arrays are legal; hostile files must not exhaust the stack.
    private static let maximumDepth = 4

    init(bytes: UnsafeRawBufferPointer, path: String) {
        self.bytes = bytes
        self.path = path
    }

    var remaining: Int { bytes.count - offset }

    func malformed(_ message: String) -> ModelFileError {
        ModelFileError(.malformed, file: path, place: "byte \(offset)", message, remedy: "download the file again")
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws -> Value {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else {
            throw ModelFileError(
                .truncated,
                file: path,
                place: "byte \(offset)",
                "the file ends in the middle of its header",
                remedy: "download the file again"
            )
        }
        defer { offset += size }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// A count of things that take at least `size` bytes each, so a corrupt count cannot ask for terabytes.
    mutating func count(of things: String, size: Int) throws -> Int {
        let start = offset
        let count = try integer(UInt64.self)
        guard count <= UInt64(remaining / size) else {
            offset = start
            throw malformed("\(count) \(things) do not fit into the \(remaining) bytes that are left")
        }
        return Int(count)
    }

    mutating func text() throws -> String {
        let length = try count(of: "bytes of a text", size: 1)
        defer { offset += length }
        return String(decoding: bytes[offset..<offset + length], as: UTF8.self)
    }

    mutating func value() throws -> GGUFValue {
        try value(ofType: try integer(UInt32.self), depth: 0)
    }

    private mutating func value(ofType type: UInt32, depth: Int) throws -> GGUFValue {
        switch type {
        case 0: .integer(Int(try integer(UInt8.self)))
        case 1: .integer(Int(try integer(Int8.self)))
        case 2: .integer(Int(try integer(UInt16.self)))
        case 3: .integer(Int(try integer(Int16.self)))
        case 4: .integer(Int(try integer(UInt32.self)))
        case 5: .integer(Int(try integer(Int32.self)))
        case 6: .float(Float(bitPattern: try integer(UInt32.self)))
        case 7: .bool(try integer(UInt8.self) != 0)
        case 8: .text(try text())
        case 9: try array(depth: depth + 1)
        case 10: .integer(Int(clamping: try integer(UInt64.self)))
        case 11: .integer(Int(try integer(Int64.self)))
        case 12: .double(Double(bitPattern: try integer(UInt64.self)))
        default: throw malformed("unknown type \(type) of a metadata value")
        }
    }

    private mutating func array(depth: Int) throws -> GGUFValue {
        guard depth <= Self.maximumDepth else { throw malformed("arrays nest deeper than \(Self.maximumDepth) levels") }
        let type = try integer(UInt32.self)
        let count = try count(of: "elements of an array", size: Self.minimumSize(ofType: type))
        var elements: [GGUFValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try value(ofType: type, depth: depth)) }
        return .array(elements)
    }

    private static func minimumSize(ofType type: UInt32) -> Int {
        switch type {
        case 2, 3: 2
        case 4, 5, 6: 4
        case 8, 10, 11, 12: 8
        case 9: 12
        default: 1
        }
    }
}

/// A value of a GGUF file's metadata.
package enum GGUFValue: Sendable, Hashable {
    case integer(Int)
    case float(Float)
    case double(Double)
    case bool(Bool)
    case text(String)
    case array([GGUFValue])

    package var integer: Int? {
        if case .integer(let integer) = self { integer } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    package var array: [GGUFValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The number with the fewest digits that read back as the stored one: 1e-05, not 9.999999747378752e-06.
    package var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .float(let float): Double(float.description)
        case .double(let double): double
        default: nil
        }
    }
}
