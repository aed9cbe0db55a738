// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

extension TorchEngine {
    /// A tensor of `scalars` in row-major order.
    ///
    /// - Throws: ``TensorError`` when the shape does not hold that many.
    public func tensor<Scalar: TensorScalar>(
        _ scalars: [Scalar],
        shape: [Int]? = nil,
        device: Device = .cpu
    ) throws -> Tensor {
        let shape = shape ?? [scalars.count]
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == scalars.count else {
            throw TensorError(code: .operation, message: "a tensor of \(shape) from \(scalars.count) elements")
        }
        return try scalars.withUnsafeBytes { try tensor(bytes: $0, dtype: Scalar.dtype, shape: shape, device: device) }
    }

    /// A tensor from raw row-major `bytes`.
    public func tensor(
        bytes: UnsafeRawBufferPointer,
        dtype: DType,
        shape: [Int],
        device: Device = .cpu
    ) throws -> Tensor {
        guard shape.reduce(1, *) * dtype.byteCount == bytes.count else {
            throw TensorError(code: .operation, message: "a tensor of \(dtype) \(shape) from \(bytes.count) bytes")
        }
        return try tensor(
            table.pointee.from_bytes(
                bytes.baseAddress,
                dtype.code,
                shape.map(Int64.init),
                Int64(shape.count),
                device.code
            ),
            "a tensor of \(shape)"
        )
    }

    /// A tensor with every element set to `value`.
    public func full(_ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try tensor(
            table.pointee.full(shape.map(Int64.init), Int64(shape.count), value, dtype.code, device.code),
            "a tensor of \(dtype) \(shape)"
        )
    }

    /// A tensor of zeros.
    public func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws -> Tensor {
        try full(shape, 0, dtype: dtype, device: device)
    }

    /// Normally distributed numbers from the calling thread's generator, for initialisation.
    public func randomNormal(_ shape: [Int], deviation: Double, device: Device = .cpu) throws -> Tensor {
        try tensor(
            table.pointee.random_normal(shape.map(Int64.init), Int64(shape.count), deviation, device.code),
            "random \(shape)"
        )
    }

    /// `parts` one after the other along `dimension`.
    public func concatenate(_ parts: [Tensor], dimension: Int = 0) throws -> Tensor {
        let pointers = parts.map { Optional($0.pointer) }
        return try tensor(
            table.pointee.concatenate(pointers, Int64(parts.count), Int64(dimension)),
            "concatenating \(parts.map(\.shape))"
        )
    }

    /// Seeds the calling thread's generator, which serves initialisation only.
    public func seedRandom(_ seed: UInt64) throws {
        try check(table.pointee.seed(seed), "seed the generator")
    }

    /// The state of the calling thread's generator.
    public func randomState() throws -> [UInt8] {
        try tensor(table.pointee.rng_state(), "the generator's state").array()
    }

    /// Restores a state that ``randomState()`` gave.
    public func setRandomState(_ state: [UInt8]) throws {
        let state = try tensor(state)
        try withExtendedLifetime(state) {
            try check(table.pointee.set_rng_state(state.pointer), "set the generator's state")
        }
    }
}
