// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tensors

/// The cosines and sines of rotary positions, f32 [position, d / 2].
struct RotaryTable {
    private let cosines: Tensor
    private let sines: Tensor

    /// Computes the angles position · base^(−2i / d) for every position below `positions`.
    init(positions: Int, headDimension: Int, base: Double, engine: TorchEngine, device: Device) throws {
        let half = headDimension / 2
        let frequencies = (0..<half).map { Float(pow(base, -2 * Double($0) / Double(headDimension))) }
        var cosines: [Float] = []
        var sines: [Float] = []
        cosines.reserveCapacity(positions * half)
        sines.reserveCapacity(positions * half)
        for position in 0..<positions {
            for frequency in frequencies {
                let angle = Float(position) * frequency
                cosines.append(cos(angle))
                sines.append(sin(angle))
            }
        }
        self.cosines = try engine.tensor(cosines, shape: [positions, half], device: device)
        self.sines = try engine.tensor(sines, shape: [positions, half], device: device)
    }

    /// The rows for `positions`.
    func rows(at positions: [Int]) throws -> (cosines: Tensor, sines: Tensor) {
        let indices = try cosines.engine.tensor(positions.map(Int64.init), device: cosines.device)
        return (try cosines.selecting(indices), try sines.selecting(indices))
    }
}
