// SPDX-License-Identifier: Apache-2.0

public import Rubrics
public import Runs

/// What the completions of one measurement come to, a mean a prompt first and then over prompts.
public struct EvaluationSummary: Sendable, Hashable {
    /// A criterion's share of credited verdicts.
    public struct CriterionRate: Sendable, Hashable {
        /// The task's identifier.
        public var task: String
        /// The criterion's identifier.
        public var criterion: String
        /// The criterion's title.
        public var title: String
        /// Credited among judged, in [0, 1].
        public var rate: Double
    }

    /// Each prompt's mean reward over its scored completions, by task in file order; prompts without one are left out.
    public var rewards: [(task: String, mean: Double)] { Self.means(records) { $0.reward } }
    /// The completions.
    public let records: [GradedCompletion]

    /// Summarises the records of one measurement.
    public init(_ records: [HeldOutRecord]) {
        self.records = records.map(\.completion)
    }

    /// The mean reward over prompts with its interval; `nil` when nothing was scored.
    public func reward(_ bootstrap: Bootstrap = Bootstrap()) -> Estimate? {
        bootstrap.estimate(rewards.map(\.mean))
    }

    /// The mean over prompts of the share of one kind's weight that was credited.
    public func reward(of kind: CriterionKind, _ bootstrap: Bootstrap = Bootstrap()) -> Estimate? {
        bootstrap.estimate(rewards(of: kind).map(\.mean))
    }

    /// Each prompt's mean share of one kind's weight that was credited, over scored completions.
    ///
    /// It is what RaR-Explicit with `credit` gives for a rubric of that kind's criteria alone.
    public func rewards(of kind: CriterionKind) -> [(task: String, mean: Double)] {
        Self.means(records) { record in
            let items = record.verdicts.filter { $0.kind == kind && $0.credited != nil }
            let weight = items.reduce(0) { $0 + $1.weight }
            guard record.reward != nil, weight > 0 else { return nil }
            return items.reduce(0) { $0 + ($1.credited == true ? $1.weight : 0) } / weight
        }
    }

    /// Each criterion's share of credited verdicts, in file order.
    public var criteria: [CriterionRate] {
        var order: [[ExactText]] = []
        var counts: [[ExactText]: (title: String, credited: Int, judged: Int)] = [:]
        for record in records {
            for verdict in record.verdicts {
                guard let credited = verdict.credited else { continue }
                let key = [ExactText(record.task), ExactText(verdict.id)]
                if counts[key] == nil { order.append(key) }
                let count = counts[key, default: (verdict.title, 0, 0)]
                counts[key] = (count.title, count.credited + (credited ? 1 : 0), count.judged + 1)
            }
        }
        return order.compactMap { key in
            counts[key].map {
                CriterionRate(
                    task: key[0].text,
                    criterion: key[1].text,
                    title: $0.title,
                    rate: Double($0.credited) / Double($0.judged)
                )
            }
        }
    }

    /// How many completions have no reward, by reason.
    public var unscored: [String: Int] {
        Dictionary(records.compactMap { $0.unscored.map { ($0.reason, 1) } }, uniquingKeysWith: +)
    }

    private static func means(
        _ records: [GradedCompletion],
        of value: (GradedCompletion) -> Double?
    ) -> [(task: String, mean: Double)] {
        var order: [ExactText] = []
        var values: [ExactText: [Double]] = [:]
        for record in records {
            guard let value = value(record) else { continue }
            let task = ExactText(record.task)
            if values[task] == nil { order.append(task) }
            values[task, default: []].append(value)
        }
        return order.map { task in
            let own = values[task, default: []]
            return (task.text, own.reduce(0, +) / Double(own.count))
        }
    }
}

/// Two measurements of the same prompts, compared prompt by prompt.
public struct PairedComparison: Sendable {
    /// The first measurement.
    public let before: EvaluationSummary
    /// The second.
    public let after: EvaluationSummary
    /// How intervals are made.
    public let bootstrap: Bootstrap

    /// Compares two measurements.
    public init(before: EvaluationSummary, after: EvaluationSummary, bootstrap: Bootstrap = Bootstrap()) {
        self.before = before
        self.after = after
        self.bootstrap = bootstrap
    }

    /// The mean difference of rewards, after minus before, over the prompts that both have.
    public var difference: Estimate? { difference(before.rewards, after.rewards) }

    /// The mean difference of the rewards of one kind.
    public func difference(of kind: CriterionKind) -> Estimate? {
        difference(before.rewards(of: kind), after.rewards(of: kind))
    }

    /// The change of rewards as a run's summary keeps it; `nil` when a side has nothing scored.
    public var change: RunSummary.Change? {
        Self.change(before.reward(bootstrap), after.reward(bootstrap), difference)
    }

    /// The change of the rewards of one kind.
    public func change(of kind: CriterionKind) -> RunSummary.Change? {
        Self.change(before.reward(of: kind, bootstrap), after.reward(of: kind, bootstrap), difference(of: kind))
    }

    private static func change(_ before: Estimate?, _ after: Estimate?, _ difference: Estimate?) -> RunSummary.Change? {
        guard let before, let after, let difference else { return nil }
        return RunSummary.Change(before: before.mean, after: after.mean, difference: difference)
    }

    private func difference(
        _ before: [(task: String, mean: Double)],
        _ after: [(task: String, mean: Double)]
    ) -> Estimate? {
        let earlier = Dictionary(before.map { (ExactText($0.task), $0.mean) }) { first, _ in first }
        return bootstrap.estimate(after.compactMap { item in earlier[ExactText(item.task)].map { item.mean - $0 } })
    }
}
