// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

// One `try` covers a whole expression: `try (a + b) * 2`.
extension Tensor {
    private func binary(_ op: rubrics_binary, _ other: Tensor, _ name: String) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.binary(op, pointer, other.pointer),
            "\(name) of \(shape) by \(other.shape)"
        )
    }

    private func binary(_ op: rubrics_binary, _ other: Double, _ name: String) throws -> Tensor {
        try engine.tensor(engine.table.pointee.binary_scalar(op, pointer, other), "\(name) of \(shape) by \(other)")
    }

    private func unary(_ op: rubrics_unary, _ name: String) throws -> Tensor {
        try engine.tensor(engine.table.pointee.unary(op, pointer), "\(name) of \(shape)")
    }

    /// The elementwise sum; shapes broadcast.
    public static func + (a: Tensor, b: Tensor) throws -> Tensor { try a.binary(RUBRICS_ADD, b, "sum") }
    /// The elementwise difference; shapes broadcast.
    public static func - (a: Tensor, b: Tensor) throws -> Tensor { try a.binary(RUBRICS_SUB, b, "difference") }
    /// The elementwise product; shapes broadcast.
    public static func * (a: Tensor, b: Tensor) throws -> Tensor { try a.binary(RUBRICS_MUL, b, "product") }
    /// The elementwise quotient; shapes broadcast.
    public static func / (a: Tensor, b: Tensor) throws -> Tensor { try a.binary(RUBRICS_DIV, b, "quotient") }
    /// Every element plus `b`.
    public static func + (a: Tensor, b: Double) throws -> Tensor { try a.binary(RUBRICS_ADD, b, "sum") }
    /// Every element minus `b`.
    public static func - (a: Tensor, b: Double) throws -> Tensor { try a.binary(RUBRICS_SUB, b, "difference") }
    /// Every element times `b`.
    public static func * (a: Tensor, b: Double) throws -> Tensor { try a.binary(RUBRICS_MUL, b, "product") }
    /// Every element divided by `b`.
    public static func / (a: Tensor, b: Double) throws -> Tensor { try a.binary(RUBRICS_DIV, b, "quotient") }
    /// Every element's negation.
    public static prefix func - (a: Tensor) throws -> Tensor { try a.unary(RUBRICS_NEG, "negation") }

    /// The matrix product over the last two dimensions; the others broadcast.
    public func matmul(_ other: Tensor) throws -> Tensor { try binary(RUBRICS_MATMUL, other, "matmul") }
    /// The smaller of each pair of elements.
    public func minimum(_ other: Tensor) throws -> Tensor { try binary(RUBRICS_MINIMUM, other, "minimum") }
    /// The larger of each pair of elements.
    public func maximum(_ other: Tensor) throws -> Tensor { try binary(RUBRICS_MAXIMUM, other, "maximum") }

    /// Whether each element equals `value`; a tensor of bool.
    public func equals(_ value: Double) throws -> Tensor { try binary(RUBRICS_EQ, value, "equality") }
    /// Whether each element is below `value`; a tensor of bool.
    public func isBelow(_ value: Double) throws -> Tensor { try binary(RUBRICS_LT, value, "comparison") }
    /// Whether each element is above `value`; a tensor of bool.
    public func isAbove(_ value: Double) throws -> Tensor { try binary(RUBRICS_GT, value, "comparison") }
    /// Whether each element is neither infinite nor NaN; a tensor of bool.
    public func isFinite() throws -> Tensor { try unary(RUBRICS_ISFINITE, "finiteness") }

    /// e to each element.
    public func exp() throws -> Tensor { try unary(RUBRICS_EXP, "exp") }
    /// Each element's natural logarithm.
    public func log() throws -> Tensor { try unary(RUBRICS_LOG, "log") }
    /// Each element's square root.
    public func squareRoot() throws -> Tensor { try unary(RUBRICS_SQRT, "square root") }
    /// 1 / (1 + e^-x) of each element x.
    public func sigmoid() throws -> Tensor { try unary(RUBRICS_SIGMOID, "sigmoid") }
    /// x · sigmoid(x) of each element x.
    public func silu() throws -> Tensor { try unary(RUBRICS_SILU, "silu") }
    /// Each element's hyperbolic tangent.
    public func tanh() throws -> Tensor { try unary(RUBRICS_TANH, "tanh") }
    /// Each element's magnitude.
    public func magnitude() throws -> Tensor { try unary(RUBRICS_ABS, "magnitude") }
    /// A copy with storage of its own.
    public func clone() throws -> Tensor { try unary(RUBRICS_CLONE, "clone") }
    /// The same storage, cut from the graph.
    public func detached() throws -> Tensor { try unary(RUBRICS_DETACH, "detach") }
    /// The elements in row-major order in memory; itself where they are.
    public func contiguous() throws -> Tensor { try unary(RUBRICS_CONTIGUOUS, "contiguous") }

    /// Each element bounded to `range`.
    public func clamped(to range: ClosedRange<Double>) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.clamp(pointer, range.lowerBound, range.upperBound),
            "clamping \(shape) to \(range)"
        )
    }

    /// `self`'s element where the bool tensor `condition` is true, `other`'s elsewhere.
    public func replaced(by other: Tensor, where condition: Tensor) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.where(condition.pointer, other.pointer, pointer),
            "replacing \(shape) by \(other.shape) where \(condition.shape)"
        )
    }
}
