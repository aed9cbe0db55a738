// SPDX-License-Identifier: Apache-2.0

/// How the losses of a batch's tokens become one number.
///
/// Normalisers are taken over the whole optimiser batch before it is cut into microbatches, so a result does not depend
/// on the cut. (TRL's `grpo` and `bnpo` normalise a micro-batch at a time.)
public enum LossAggregation: Sendable, Hashable {
    /// The mean over completions of each one's mean over tokens: `grpo`.
    case sequenceMean
    /// The mean over all tokens: `dapo`, and `bnpo`, which is the same once the whole batch is one.
    case tokenMean
    /// The sum over tokens divided by completions × this constant, the longest completion allowed: `dr_grpo`.
    case constantLength(Int)

    /// The weight of every token of each completion, so that the batch's loss is the weighted sum.
    ///
    /// - Parameter lengths: The trained completions' lengths in tokens: scored, unmasked, of groups not skipped.
    /// - Returns: One weight a completion.
    func tokenWeights(lengths: [Int]) -> [Double] {
        let rows = Double(lengths.count)
        switch self {
        case .sequenceMean: return lengths.map { 1 / (rows * Double($0)) }
        case .constantLength(let longest): return lengths.map { _ in 1 / (rows * Double(longest)) }
        case .tokenMean:
            let tokens = Double(lengths.reduce(0, +))
            return lengths.map { _ in 1 / tokens }
        }
    }
}

/// The recipe's names for the ways to aggregate.
public enum LossName: String, Sendable, Hashable, Codable, CaseIterable {
    case grpo
    case drGRPO = "dr_grpo"
    case dapo
    case bnpo

    /// What the name means.
    public func aggregation(maxCompletionTokens: Int) -> LossAggregation {
        switch self {
        case .grpo: .sequenceMean
        case .drGRPO: .constantLength(maxCompletionTokens)
        case .dapo, .bnpo: .tokenMean
        }
    }
}
