// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

extension TestEngine {
    /// Reads a file of golden values.
    static func golden<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name)")
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}

/// The largest difference between two lists of one length; infinite where one holds a NaN.
func largestDifference(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { worst, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(worst, difference)
    }
}

/// The length of the difference of two vectors over that of the second.
func relativeDistance(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return .infinity }
    let (difference, length) = zip(a, b).reduce((0.0, 0.0)) { sums, pair in
        let (x, y) = (Double(pair.0), Double(pair.1))
        return (sums.0 + (x - y) * (x - y), sums.1 + y * y)
    }
    let distance = (difference / max(length, .leastNormalMagnitude)).squareRoot()
    return distance.isNaN ? .infinity : distance
}
