// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// One held-out prompt with a completion from before and one from after training.
struct PromptComparison: Sendable, Hashable {
    /// Why this prompt is shown: "Largest gain".
    var place: String
    var prompt: String
    /// The difference of the prompt's means.
    var change: Double
    var before: GradedCompletion
    var after: GradedCompletion
}

extension PromptComparison {
    /// The prompts at the ends and in the middle of the changes: the two largest gains, two at the median, the two
    /// largest losses or smallest gains.
    ///
    /// Of each prompt's samples, the pair is shown whose difference is nearest to the prompt's mean difference.
    static func chosen(from heldOut: HeldOutHistory) -> [Self] {
        guard heldOut.steps.count > 1 else { return [] }
        let ranked = changes(heldOut)
        let count = ranked.count
        let middle = (count - 1) / 2
        let indices = count <= 6 ? Array(0..<count) : [0, 1, middle, middle + 1, count - 2, count - 1]
        return indices.map { index in
            var comparison = ranked[index]
            comparison.place = place(index, of: count, change: comparison.change)
            return comparison
        }
    }

    private static func changes(_ heldOut: HeldOutHistory) -> [Self] {
        var before: [Key: HeldOutRecord] = [:]
        for record in heldOut.first where record.completion.reward != nil { before[Key(record)] = record }
        var order: [ExactText] = []
        var pairs: [ExactText: [(HeldOutRecord, HeldOutRecord)]] = [:]
        for record in heldOut.last where record.completion.reward != nil {
            guard let old = before[Key(record)] else { continue }
            let task = ExactText(record.completion.task)
            if pairs[task] == nil { order.append(task) }
            pairs[task, default: []].append((old, record))
        }
        let comparisons = order.compactMap { task in pairs[task].flatMap(typical) }
        return comparisons.enumerated().sorted { left, right in
            left.element.change != right.element.change
                ? left.element.change > right.element.change : left.offset < right.offset
        }.map(\.element)
    }

    private struct Key: Hashable {
        var task: ExactText
        var sample: Int

        init(_ record: HeldOutRecord) {
            task = ExactText(record.completion.task)
            sample = record.completion.sample
        }
    }

    private static func typical(_ pairs: [(before: HeldOutRecord, after: HeldOutRecord)]) -> Self? {
        let changes = pairs.map { ($0.after.completion.reward ?? 0) - ($0.before.completion.reward ?? 0) }
        let mean = changes.reduce(0, +) / Double(max(1, changes.count))
        let nearest = changes.indices.min { abs(changes[$0] - mean) < abs(changes[$1] - mean) }
        guard let index = nearest else { return nil }
        let pair = pairs[index]
        return Self(
            place: "",
            prompt: pair.after.prompt,
            change: mean,
            before: pair.before.completion,
            after: pair.after.completion
        )
    }

    private static func place(_ index: Int, of count: Int, change: Double) -> String {
        let fromEnd = count - 1 - index
        if count <= 3 { return "Prompt \(index + 1) of \(count)" }
        if index > 1 && fromEnd > 1 { return "Near the median" }
        if index <= 1 { return index == 0 ? "Largest gain" : "Second largest gain" }
        let word = change < 0 ? "loss" : "gain"
        let rank = change < 0 ? ("Largest", "Second largest") : ("Smallest", "Second smallest")
        return "\(fromEnd == 0 ? rank.0 : rank.1) \(word)"
    }
}
