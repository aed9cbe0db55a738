// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// Seeded random values for property tests.
struct TestGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func next() -> Double {
        generator.uniform()
    }

    mutating func text(of scalars: [Unicode.Scalar], count: Int) -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<count { view.append(scalars[Int(next() * Double(scalars.count))]) }
        return String(view)
    }
}

extension Double {
    static func pow10(_ exponent: Double) -> Double { pow(10, exponent) }
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
