// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

extension Tensor {
    /// Whether operations on the tensor are recorded for a backward pass.
    public var requiresGradient: Bool { engine.table.pointee.requires_grad(pointer) != 0 }

    /// Starts or stops recording; only leaves and floating-point tensors can.
    @discardableResult
    public func requiringGradient(_ enabled: Bool = true) throws -> Tensor {
        try engine.check(
            engine.table.pointee.set_requires_grad(pointer, enabled ? 1 : 0),
            "requiring a gradient of \(dtype) \(shape)"
        )
        return self
    }

    /// What the backward passes since the last reset added up.
    ///
    /// - Throws: ``TensorError`` when there was none.
    public func gradient() throws -> Tensor {
        try engine.tensor(engine.table.pointee.gradient(pointer), "the gradient of \(shape)")
    }

    /// Runs the backward pass from this scalar.
    public func backward() throws {
        try engine.check(engine.table.pointee.backward(pointer), "backward from \(shape)")
    }
}
