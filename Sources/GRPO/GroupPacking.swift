// SPDX-License-Identifier: Apache-2.0

import Tensors

/// The trained completions of one prompt.
struct TrainedGroup: Sendable {
    /// One completion that the loss counts.
    struct Row: Sendable {
        /// Its place in the batch, over all groups.
        var index: Int
        /// Its tokens, the end token included.
        var tokens: [Int32]
    }

    var prompt: [Int32]
    var rows: [Row]
}

/// One forward pass's worth of groups, packed: each prompt once, its completions after it.
struct Microbatch: Sendable {
    /// What the model reads.
    private(set) var tokens: [Int32] = []
    private(set) var layouts: [GroupLayout] = []
    /// The positions in ``tokens`` whose hidden state predicts a completion token, in the order of ``targets``.
    private(set) var predictors: [Int] = []
    /// The completions' tokens, row after row.
    private(set) var targets: [Int32] = []
    /// The rows' places in the batch, in order.
    private(set) var rows: [Int] = []

    /// Cuts groups into microbatches of at most `budget` tokens, whole groups as far as they fit. A group over the budget
    /// is split, and each part reads the prompt again; a single row over the budget stands alone.
    static func pack(_ groups: [TrainedGroup], budget: Int) -> [Microbatch] {
        var batches: [Microbatch] = []
        for part in groups.flatMap({ split($0, budget: budget) }) where !part.rows.isEmpty {
            if batches.isEmpty || batches[batches.count - 1].tokens.count + size(part) > budget {
                batches.append(Microbatch())
            }
            batches[batches.count - 1].append(part)
        }
        return batches
    }

    private static func split(_ group: TrainedGroup, budget: Int) -> [TrainedGroup] {
        var parts: [TrainedGroup] = []
        for row in group.rows {
            if var last = parts.last, size(last) + row.tokens.count - 1 <= budget {
                last.rows.append(row)
                parts[parts.count - 1] = last
            } else {
                parts.append(TrainedGroup(prompt: group.prompt, rows: [row]))
            }
        }
        return parts
    }

    /// Tokens to read: a completion's last token predicts nothing and is left out.
    private static func size(_ group: TrainedGroup) -> Int {
        group.rows.reduce(group.prompt.count) { $0 + $1.tokens.count - 1 }
    }

    private mutating func append(_ group: TrainedGroup) {
        let start = tokens.count
        tokens += group.prompt
        var lengths: [Int] = []
        for row in group.rows {
            // The prompt's last token predicts every completion's first one.
            predictors.append(start + group.prompt.count - 1)
            predictors += tokens.count..<tokens.count + row.tokens.count - 1
            tokens += row.tokens.dropLast()
            targets += row.tokens
            rows.append(row.index)
            if row.tokens.count > 1 { lengths.append(row.tokens.count - 1) }
        }
        layouts.append(GroupLayout(promptLength: group.prompt.count, completionLengths: lengths))
    }
}
