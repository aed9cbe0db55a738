// SPDX-License-Identifier: Apache-2.0

/// The part of TensorFlow's `Event` message that scalars need, written and read by hand.
///
/// `Event {1: wall_time double, 2: step int64, 3: file_version string, 5: Summary}`,
/// `Summary {1: repeated Value {1: tag string, 2: simple_value float}}`.
struct TensorBoardEvent: Sendable, Hashable {
    /// Seconds since 1970.
    var wallTime: Double
    /// The step that the scalars belong to.
    var step: Int = 0
    /// The format's name, in the first event of a file only.
    var fileVersion: String?
    /// Tags and values, in order.
    var scalars: [Scalar] = []

    /// One tag's value.
    struct Scalar: Sendable, Hashable {
        var tag: String
        var value: Float
    }

    /// The serialised message.
    var bytes: [UInt8] {
        var message = ProtobufWriter()
        message.field(1, double: wallTime)
        if step != 0 { message.field(2, varint: UInt64(bitPattern: Int64(step))) }
        if let fileVersion { message.field(3, bytes: Array(fileVersion.utf8)) }
        if !scalars.isEmpty { message.field(5, bytes: summary) }
        return message.bytes
    }

    private var summary: [UInt8] {
        var summary = ProtobufWriter()
        for scalar in scalars {
            var value = ProtobufWriter()
            value.field(1, bytes: Array(scalar.tag.utf8))
            value.field(2, float: scalar.value)
            summary.field(1, bytes: value.bytes)
        }
        return summary.bytes
    }

    /// The step of a serialised event, 0 where it has none; `nil` when the bytes are no message.
    static func step(in message: ArraySlice<UInt8>) -> Int? {
        var reader = ProtobufReader(bytes: message)
        var step = 0
        while !reader.isAtEnd {
            guard let field = reader.next() else { return nil }
            if field.number == 2, case .varint(let value) = field.value { step = Int(Int64(bitPattern: value)) }
        }
        return step
    }
}

/// Appends protocol buffer fields.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func field(_ number: Int, varint value: UInt64) {
        varint(UInt64(number << 3))
        varint(value)
    }

    mutating func field(_ number: Int, double value: Double) {
        varint(UInt64(number << 3 | 1))
        bytes.append(contentsOf: value.bitPattern.littleEndianBytes)
    }

    mutating func field(_ number: Int, bytes value: [UInt8]) {
        varint(UInt64(number << 3 | 2))
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func field(_ number: Int, float value: Float) {
        varint(UInt64(number << 3 | 5))
        bytes.append(contentsOf: value.bitPattern.littleEndianBytes)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Walks over the fields of a protocol buffer message.
struct ProtobufReader {
    enum Value {
        case varint(UInt64)
        case fixed(ArraySlice<UInt8>)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next field; `nil` when the bytes end within it or it is of an unknown type.
    mutating func next() -> (number: Int, value: Value)? {
        guard let key = varint() else { return nil }
        let value: Value? =
            switch key & 7 {
            case 0: varint().map(Value.varint)
            case 1: take(8).map(Value.fixed)
            case 2: varint().flatMap { Int(exactly: $0) }.flatMap { take($0) }.map(Value.bytes)
            case 5: take(4).map(Value.fixed)
            default: nil
            }
        return value.map { (Int(truncatingIfNeeded: key >> 3), $0) }
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

extension FixedWidthInteger {
    /// The integer's bytes, the lowest first.
    var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }

    /// The integer of these bytes, the lowest first.
    init(littleEndian bytes: ArraySlice<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
    }
}
