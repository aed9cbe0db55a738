// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

extension Tensor {
    /// The same elements in another shape; one dimension may be -1.
    public func reshaped(_ shape: [Int]) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.reshape(pointer, shape.map(Int64.init), Int64(shape.count)),
            "reshaping \(self.shape) to \(shape)"
        )
    }

    /// Dimensions of one element repeated to `shape`, without copying.
    public func expanded(to shape: [Int]) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.expand(pointer, shape.map(Int64.init), Int64(shape.count)),
            "expanding \(self.shape) to \(shape)"
        )
    }

    /// Two dimensions swapped.
    public func transposed(_ first: Int = -2, _ second: Int = -1) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.transpose(pointer, Int64(first), Int64(second)),
            "transposing \(first) and \(second) of \(shape)"
        )
    }

    /// The part of `dimension` that `range` names, sharing storage.
    public func slice(_ range: Range<Int>, dimension: Int = 0) throws -> Tensor {
        let shape = shape
        let axis = dimension < 0 ? dimension + shape.count : dimension
        guard shape.indices.contains(axis), range.lowerBound >= 0, range.upperBound <= shape[axis] else {
            throw TensorError(code: .operation, message: "slice \(range) of dimension \(dimension) of \(shape)")
        }
        return try engine.tensor(
            engine.table.pointee.slice(pointer, Int64(axis), Int64(range.lowerBound), Int64(range.upperBound), 1),
            "slice \(range) of dimension \(dimension) of \(shape)"
        )
    }

    /// The rows of the first dimension that `range` names, sharing storage.
    public subscript(range: Range<Int>) -> Tensor {
        get throws { try slice(range) }
    }

    /// One row of the first dimension, which goes.
    public subscript(index: Int) -> Tensor {
        get throws { try slice(index..<index + 1).reshaped(Array(shape.dropFirst())) }
    }

    /// The elements of `dimension` at `indices` (i64).
    public func selecting(_ indices: Tensor, dimension: Int = 0) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.index_select(pointer, Int64(dimension), indices.pointer),
            "selecting \(indices.shape) from dimension \(dimension) of \(shape)"
        )
    }

    /// The element of `dimension` that `indices` (i64, of this rank) names at each place.
    public func gathering(_ indices: Tensor, dimension: Int) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.gather(pointer, Int64(dimension), indices.pointer),
            "gathering \(indices.shape) along dimension \(dimension) of \(shape)"
        )
    }

    private func reduce(_ op: rubrics_reduction, _ dimensions: [Int], _ keep: Bool, _ name: String) throws -> Tensor {
        try engine.tensor(
            engine.table.pointee.reduce(
                op,
                pointer,
                dimensions.map(Int64.init),
                Int64(dimensions.count),
                keep ? 1 : 0
            ),
            "\(name) over \(dimensions) of \(shape)"
        )
    }

    /// The sum over `dimensions`, or over all when none is named.
    public func sum(_ dimensions: Int..., keepingDimensions: Bool = false) throws -> Tensor {
        try reduce(RUBRICS_SUM, dimensions, keepingDimensions, "sum")
    }

    /// The mean over `dimensions`, or over all when none is named.
    public func mean(_ dimensions: Int..., keepingDimensions: Bool = false) throws -> Tensor {
        try reduce(RUBRICS_MEAN, dimensions, keepingDimensions, "mean")
    }

    /// The largest element over `dimensions`, or over all when none is named.
    public func max(_ dimensions: Int..., keepingDimensions: Bool = false) throws -> Tensor {
        try reduce(RUBRICS_AMAX, dimensions, keepingDimensions, "maximum")
    }

    /// The index of the largest element of `dimension`; i64.
    public func argmax(_ dimension: Int) throws -> Tensor {
        try reduce(RUBRICS_ARGMAX, [dimension], false, "argmax")
    }

    /// e^x / Σ e^x along `dimension`.
    public func softmax(_ dimension: Int) throws -> Tensor {
        try reduce(RUBRICS_SOFTMAX, [dimension], false, "softmax")
    }

    /// The logarithm of ``softmax(_:)``, computed stably.
    public func logSoftmax(_ dimension: Int) throws -> Tensor {
        try reduce(RUBRICS_LOG_SOFTMAX, [dimension], false, "log softmax")
    }
}
