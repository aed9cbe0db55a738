// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// What the held-out evaluations of a run found, read line by line; only the first and the last are kept whole.
struct HeldOutHistory: Sendable {
    /// How often a criterion was judged and credited.
    struct Tally: Sendable, Hashable {
        var credited = 0
        var judged = 0

        var share: Double? { judged > 0 ? Double(credited) / Double(judged) : nil }

        mutating func add(_ credit: Bool) {
            credited += credit ? 1 : 0
            judged += 1
        }
    }

    /// Criteria of one title and kind are one row, whichever prompts they belong to.
    struct CriterionKey: Sendable, Hashable {
        var kind: CriterionKind?
        var title: ExactText
    }

    /// One row's tallies by step, and the prompts that have such a criterion.
    struct CriterionHistory: Sendable, Hashable {
        var tallies: [Int: Tally] = [:]
        var tasks: Set<ExactText> = []
        /// Whether the statement names a fault, so that the criterion is credited where it is not met.
        var namesFault = false
    }

    /// Means over prompts of the means over a prompt's samples.
    struct PromptMeans: Sendable, Hashable {
        private var sums: [ExactText: (sum: Double, count: Int)] = [:]

        var mean: Double? {
            sums.isEmpty ? nil : sums.values.map { $0.sum / Double($0.count) }.reduce(0, +) / Double(sums.count)
        }

        mutating func add(_ value: Double, task: String) {
            let old = sums[ExactText(task)] ?? (0, 0)
            sums[ExactText(task)] = (old.sum + value, old.count + 1)
        }

        static func == (left: Self, right: Self) -> Bool { left.mean == right.mean }
        func hash(into hasher: inout Hasher) { hasher.combine(mean) }
    }

    /// The evaluated steps, ascending.
    private(set) var steps: [Int] = []
    private(set) var criteria: [CriterionKey: CriterionHistory] = [:]
    private(set) var kinds: [CriterionKind: [Int: Tally]] = [:]
    private(set) var rewards: [Int: PromptMeans] = [:]
    private(set) var kindRewards: [CriterionKind: [Int: PromptMeans]] = [:]
    /// What each kind's criteria add to the whole reward.
    private(set) var contributions: [CriterionKind: [Int: PromptMeans]] = [:]
    private(set) var unscored: [String: Int] = [:]
    private(set) var first: [HeldOutRecord] = []
    private(set) var last: [HeldOutRecord] = []

    /// Takes the next line of `held_out.jsonl`.
    mutating func add(_ record: HeldOutRecord) {
        let step = record.completion.step
        if steps.last != step {
            steps.append(step)
            last = []
        }
        if step == steps.first { first.append(record) }
        last.append(record)
        count(record.completion)
        weigh(record.completion)
    }

    private mutating func count(_ completion: GradedCompletion) {
        for verdict in completion.verdicts {
            let title = ExactText(verdict.title.isEmpty ? verdict.id : verdict.title)
            let key = CriterionKey(kind: verdict.kind, title: title)
            criteria[key, default: CriterionHistory()].tasks.insert(ExactText(completion.task))
            if verdict.polarity == .negative { criteria[key, default: CriterionHistory()].namesFault = true }
            guard let credited = verdict.credited else { continue }
            criteria[key, default: CriterionHistory()].tallies[completion.step, default: Tally()].add(credited)
            if let kind = verdict.kind { kinds[kind, default: [:]][completion.step, default: Tally()].add(credited) }
        }
    }

    private mutating func weigh(_ completion: GradedCompletion) {
        let step = completion.step
        guard let reward = completion.reward else {
            unscored[completion.unscored?.reason ?? "unknown", default: 0] += 1
            return
        }
        rewards[step, default: PromptMeans()].add(reward, task: completion.task)
        let all = Self.weights(completion.verdicts)
        for kind in CriterionKind.allCases {
            let own = Self.weights(completion.verdicts.filter { $0.kind == kind })
            if own.judged > 0 {
                kindRewards[kind, default: [:]][step, default: PromptMeans()]
                    .add(own.credited / own.judged, task: completion.task)
            }
            if all.judged > 0 {
                contributions[kind, default: [:]][step, default: PromptMeans()]
                    .add(own.credited / all.judged, task: completion.task)
            }
        }
    }

    private static func weights(_ verdicts: [VerdictRecord]) -> (credited: Double, judged: Double) {
        verdicts.reduce(into: (0, 0)) { sum, verdict in
            guard let credited = verdict.credited else { return }
            sum.1 += verdict.weight
            if credited { sum.0 += verdict.weight }
        }
    }
}
