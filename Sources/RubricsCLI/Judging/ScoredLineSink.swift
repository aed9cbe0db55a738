// SPDX-License-Identifier: Apache-2.0

/// Takes graded rows in their order and makes something of them.
protocol ScoredLineSink: SendableMetatype {
    /// What the rows come to.
    associatedtype Product: Sendable

    /// Takes the next row.
    ///
    /// - Throws: What the sink cannot go on after.
    mutating func add(_ line: ScoredLine) throws

    /// What all rows came to.
    func finish() throws -> Product
}
