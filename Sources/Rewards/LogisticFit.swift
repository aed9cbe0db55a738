// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Logistic regression without intercept on rows that all belong to the class 1, its weights not negative.
///
/// Minimizes Σ ln(1 + exp(−w·x)) + ½λ|w|² over w ≥ 0 by projected Newton steps (Bertsekas 1982): the loss is strictly
/// convex, so the result is the one minimum, and nothing is drawn at random.
struct LogisticFit {
    /// The rows.
    var rows: [[Double]]
    /// λ, above 0.
    var regularization: Double

    private static let iterations = 100
    private static let tolerance = 1e-10

    /// The minimum, a weight a column.
    func weights(columns: Int) -> [Double] {
        var weights = [Double](repeating: 0, count: columns)
        for _ in 0..<Self.iterations {
            let gradient = gradient(at: weights)
            // A weight at its bound that wants to go below it stays there.
            let free = weights.indices.filter { weights[$0] > 0 || gradient[$0] < 0 }
            guard free.contains(where: { abs(gradient[$0]) > Self.tolerance }) else { break }
            let direction = direction(at: weights, gradient: gradient, free: free)
            guard let next = step(from: weights, along: direction) else { break }
            weights = next
        }
        return weights
    }

    /// ln(1 + exp(−margin)), without overflow.
    static func loss(margin: Double) -> Double {
        max(-margin, 0) + log1p(exp(-abs(margin)))
    }

    /// w·x.
    static func margin(_ weights: [Double], _ row: [Double]) -> Double {
        zip(weights, row).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private func objective(_ weights: [Double]) -> Double {
        rows.reduce(regularization / 2 * Self.margin(weights, weights)) {
            $0 + Self.loss(margin: Self.margin(weights, $1))
        }
    }

    private func gradient(at weights: [Double]) -> [Double] {
        var gradient = weights.map { regularization * $0 }
        for row in rows {
            let miss = 1 / (1 + exp(Self.margin(weights, row)))
            for index in row.indices { gradient[index] -= miss * row[index] }
        }
        return gradient
    }

    /// −H⁻¹g over the free weights, 0 elsewhere.
    private func direction(at weights: [Double], gradient: [Double], free: [Int]) -> [Double] {
        var hessian = free.map { left in free.map { left == $0 ? regularization : 0 } }
        for row in rows {
            let margin = Self.margin(weights, row)
            let curvature = 1 / ((1 + exp(margin)) * (1 + exp(-margin)))
            for (left, leftColumn) in free.enumerated() {
                for (right, rightColumn) in free.enumerated() {
                    hessian[left][right] += curvature * row[leftColumn] * row[rightColumn]
                }
            }
        }
        var direction = weights.map { _ in 0.0 }
        for (index, value) in zip(free, Self.solution(of: hessian, free.map { -gradient[$0] })) {
            direction[index] = value
        }
        return direction
    }

    /// The longest halved step that lowers the loss, cut at 0; `nil` when none does.
    private func step(from weights: [Double], along direction: [Double]) -> [Double]? {
        let loss = objective(weights)
        var length = 1.0
        while length > 1e-12 {
            let next = zip(weights, direction).map { max($0 + length * $1, 0) }
            if objective(next) < loss { return next }
            length /= 2
        }
        return nil
    }

    /// Solves a positive definite system by elimination.
    private static func solution(of matrix: [[Double]], _ right: [Double]) -> [Double] {
        var (matrix, right) = (matrix, right)
        for pivot in right.indices {
            for row in right.indices where row != pivot {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in pivot..<right.count { matrix[row][column] -= factor * matrix[pivot][column] }
                right[row] -= factor * right[pivot]
            }
        }
        return right.indices.map { right[$0] / matrix[$0][$0] }
    }
}
