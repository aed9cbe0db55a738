// SPDX-License-Identifier: Apache-2.0

/// How a file stores a tensor's elements.
public enum TensorFormat: String, Sendable, Hashable, CaseIterable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case i64 = "I64"
    case i32 = "I32"
    case i16 = "I16"
    case i8 = "I8"
    case u64 = "U64"
    case u32 = "U32"
    case u16 = "U16"
    case u8 = "U8"
    case bool = "BOOL"
    case f8e4m3 = "F8_E4M3"
    case f8e5m2 = "F8_E5M2"
    /// Blocks of 32: a half-precision scale and 32 signed bytes.
    case q8zero = "Q8_0"
    /// Blocks of 32: a half-precision scale and 32 four-bit numbers, 8 standing for zero.
    case q4zero = "Q4_0"
    /// Blocks of 32: a half-precision scale and offset and 32 four-bit numbers.
    case q4one = "Q4_1"

    /// How many neighbouring elements of a row are stored together.
    package var blockElements: Int {
        switch self {
        case .q8zero, .q4zero, .q4one: 32
        default: 1
        }
    }

    /// The bytes of such a block.
    package var blockBytes: Int {
        switch self {
        case .f64, .i64, .u64: 8
        case .f32, .i32, .u32: 4
        case .f16, .bf16, .i16, .u16: 2
        case .i8, .u8, .bool, .f8e4m3, .f8e5m2: 1
        case .q8zero: 34
        case .q4zero: 18
        case .q4one: 20
        }
    }

    /// Whether ``decodeFloats(from:into:)`` reads it.
    package var isReadable: Bool {
        switch self {
        case .f64, .f32, .f16, .bf16, .q8zero, .q4zero, .q4one: true
        default: false
        }
    }
}

/// A tensor in a file.
package struct StoredTensor: Sendable, Hashable {
    /// The name, as the file spells it.
    package var name: String
    /// How the elements are stored.
    package var format: TensorFormat
    /// The sizes, the slowest dimension first.
    package var shape: [Int]
    /// The bytes in the file.
    package var range: Range<Int>

    /// The number of elements.
    package var count: Int { shape.reduce(1, *) }
}
