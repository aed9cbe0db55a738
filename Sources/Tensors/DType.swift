// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

/// The type of a tensor's elements.
public enum DType: Int32, Sendable, Hashable, CaseIterable {
    case float32 = 0
    case bfloat16 = 1
    case float16 = 2
    case int64 = 3
    case bool = 4
    case float64 = 5
    case int32 = 6
    case uint8 = 7

    /// The size of one element in bytes.
    public var byteCount: Int {
        switch self {
        case .bool, .uint8: 1
        case .bfloat16, .float16: 2
        case .float32, .int32: 4
        case .int64, .float64: 8
        }
    }

    var code: rubrics_dtype { rubrics_dtype(UInt32(rawValue)) }
}

extension DType: CustomStringConvertible {
    /// The short name of the field: `f32`, `bf16`, …
    public var description: String {
        switch self {
        case .float32: "f32"
        case .bfloat16: "bf16"
        case .float16: "f16"
        case .int64: "i64"
        case .bool: "bool"
        case .float64: "f64"
        case .int32: "i32"
        case .uint8: "u8"
        }
    }
}

/// A Swift type that tensors are made from and read into.
public protocol TensorScalar: BitwiseCopyable {
    /// The element type that has this layout.
    static var dtype: DType { get }
}

extension Float: TensorScalar {
    /// The element type.
    public static var dtype: DType { .float32 }
}

extension Double: TensorScalar {
    /// The element type.
    public static var dtype: DType { .float64 }
}

extension Int64: TensorScalar {
    /// The element type.
    public static var dtype: DType { .int64 }
}

extension Int32: TensorScalar {
    /// The element type.
    public static var dtype: DType { .int32 }
}

extension UInt8: TensorScalar {
    /// The element type.
    public static var dtype: DType { .uint8 }
}

extension Bool: TensorScalar {
    /// The element type.
    public static var dtype: DType { .bool }
}

/// Where a tensor lives.
public enum Device: Sendable, Hashable {
    case cpu
    case cuda(Int)

    var code: rubrics_device {
        switch self {
        case .cpu: rubrics_device(type: 0, index: 0)
        case .cuda(let index): rubrics_device(type: 1, index: Int32(index))
        }
    }

    init(_ code: rubrics_device) {
        self = code.type == 1 ? .cuda(Int(code.index)) : .cpu
    }

    /// Reads `cpu`, `cuda` or `cuda:N`; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("cpu", 1): self = .cpu
        case ("cuda", 1): self = .cuda(0)
        case ("cuda", 2):
            guard let index = Int(parts[1]), index >= 0 else { return nil }
            self = .cuda(index)
        default: return nil
        }
    }
}

extension Device: CustomStringConvertible {
    /// `cpu` or `cuda:N`.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        }
    }
}
