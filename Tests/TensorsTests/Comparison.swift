// SPDX-License-Identifier: Apache-2.0

import Tensors
import Testing

/// Repeatable numbers for tests (SplitMix64, mapped to [-scale, scale)).
func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return (Float(mixed >> 40) * 0x1p-23 - 1) * scale
    }
}

extension TorchEngine {
    /// A tensor of ``numbers(_:seed:scale:)``, rounded to `dtype`.
    func numbers(_ shape: [Int], seed: UInt64, scale: Float = 1, dtype: DType = .float32) throws -> Tensor {
        try tensor(TensorsTests.numbers(shape.reduce(1, *), seed: seed, scale: scale), shape: shape).to(dtype)
    }
}

extension Tensor {
    /// A leaf of its own in f32 that collects a gradient.
    func leaf() throws -> Tensor { try detached().to(.float32).clone().requiringGradient() }

    /// Σ self · weights, a scalar whose backward pass hands every element a gradient of its own.
    func weighted(seed: UInt64) throws -> Tensor {
        try (to(.float32) * engine.numbers(shape, seed: seed)).sum()
    }
}

/// Expects equal shapes and a largest difference of at most `tolerance` times the largest magnitude expected.
func expectClose(
    _ found: Tensor,
    _ expected: Tensor,
    tolerance: Double,
    _ name: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(found.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
    guard found.shape == expected.shape, found.count > 0 else { return }
    let (a, b) = (try found.floats(), try expected.floats())
    let scale = b.reduce(0) { max($0, abs($1)) }
    let worst = zip(a, b).reduce(Float(0)) { max($0, abs($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1)) }
    #expect(
        Double(worst) <= tolerance * Double(max(scale, 1e-6)),
        "\(name): off by \(worst) where the largest value is \(scale)",
        sourceLocation: sourceLocation
    )
}
