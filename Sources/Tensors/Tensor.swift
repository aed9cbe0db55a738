// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

/// Owns one of the engine's tensors and gives it back when the last reference goes.
final class TensorHandle {
    let pointer: rubrics_tensor
    let engine: TorchEngine

    init(pointer: rubrics_tensor, engine: TorchEngine) {
        self.pointer = pointer
        self.engine = engine
    }

    deinit {
        engine.table.pointee.release(pointer)
    }
}

/// A multi-dimensional array on a device, with autograd.
///
/// Copies share storage, as in PyTorch. A tensor stays on the thread that owns its engine: it is not `Sendable`.
public struct Tensor {
    let handle: TensorHandle

    var pointer: rubrics_tensor { handle.pointer }

    /// The engine that made the tensor.
    public var engine: TorchEngine { handle.engine }

    /// The number of elements along each dimension.
    public var shape: [Int] {
        let table = engine.table.pointee
        let rank = Int(table.rank(pointer))
        return [Int64](unsafeUninitializedCapacity: rank) { buffer, count in
            table.shape(pointer, buffer.baseAddress)
            count = rank
        }.map(Int.init)
    }

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// The type of the elements.
    public var dtype: DType { DType(rawValue: engine.table.pointee.dtype(pointer)) ?? .float32 }

    /// Where the tensor lives.
    public var device: Device { Device(engine.table.pointee.device(pointer)) }

    /// The elements in row-major order.
    ///
    /// - Throws: ``TensorError`` when the elements are of another type.
    public func array<Scalar: TensorScalar>(of type: Scalar.Type = Scalar.self) throws -> [Scalar] {
        guard dtype == Scalar.dtype else {
            throw TensorError(code: .operation, message: "reading \(Scalar.dtype) from a tensor of \(dtype) \(shape)")
        }
        let count = count
        guard count > 0 else { return [] }
        return try [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
            try copy(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    /// The elements as `Float`, converted from whatever type they have.
    public func floats() throws -> [Float] {
        try to(.float32).array()
    }

    /// The only element, as `Double`.
    public func item() throws -> Double {
        guard count == 1, let value = try to(.float64).array(of: Double.self).first else {
            throw TensorError(code: .operation, message: "item of a tensor of \(shape), which has not one element")
        }
        return value
    }

    /// Copies the elements' bytes, row-major, to `bytes`, which has exactly their size.
    public func copy(to bytes: UnsafeMutableRawBufferPointer) throws {
        try engine.check(
            engine.table.pointee.copy_out(pointer, bytes.baseAddress, Int64(bytes.count)),
            "reading a tensor of \(dtype) \(shape)"
        )
    }

    /// Overwrites the elements from `bytes`, row-major, of exactly their size.
    public func copy(from bytes: UnsafeRawBufferPointer) throws {
        try engine.check(
            engine.table.pointee.copy_in(pointer, bytes.baseAddress, Int64(bytes.count)),
            "writing a tensor of \(dtype) \(shape)"
        )
    }

    /// Overwrites the elements with another tensor's of the same shape, converting the type; not recorded.
    public func assign(_ source: Tensor) throws {
        try engine.check(engine.table.pointee.assign(pointer, source.pointer), "assign")
    }

    /// Sets every element to zero; not recorded.
    public func fillWithZeros() throws {
        try engine.check(engine.table.pointee.zero(pointer), "zero")
    }

    /// The tensor in another type or on another device; itself where nothing changes.
    public func to(_ dtype: DType? = nil, device: Device? = nil) throws -> Tensor {
        let (type, place) = (dtype ?? self.dtype, device ?? self.device)
        return try engine.tensor(
            engine.table.pointee.to(pointer, type.code, place.code),
            "moving \(self.dtype) \(shape) to \(type) on \(place)"
        )
    }
}

extension Tensor: CustomStringConvertible {
    /// Type, shape and device.
    public var description: String { "Tensor(\(dtype) \(shape) on \(device))" }
}
