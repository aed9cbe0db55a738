// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Foundation
import Rubrics
import Runs

/// What a report needs to know of a run, read once from its folder; files that are not there yet are empty.
struct RunHistory: Sendable {
    /// A step's rewards.
    struct StepRewards: Sendable, Hashable {
        var step: Int
        /// The mean reward of each group, in file order.
        var groups: [Double] = []

        var mean: Double { groups.reduce(0, +) / Double(groups.count) }
    }

    /// The held-out reward before training and now.
    struct Comparison: Sendable, Hashable {
        /// The whole reward.
        var change: RunSummary.Change
        /// The share of each kind's weight that was credited.
        var byKind: [CriterionKind: RunSummary.Change]
        /// The last evaluated step.
        var step: Int
    }

    let name: String
    let summary: RunSummary?
    /// From the summary, or, while the run goes on, from its evaluations so far; `nil` before the second one.
    let comparison: Comparison?
    let recipe: String?
    let metrics: [StepMetrics]
    let rewards: [StepRewards]
    let unscored: [String: Int]
    let rollouts: Int
    let heldOut: HeldOutHistory

    /// Reads a run.
    ///
    /// - Throws: `RunError` or `DocumentError` that names the file and line that is damaged.
    init(_ run: RunDirectory) throws {
        name = run.name
        summary = try run.summary()
        recipe = try Self.text(run.recipeFile)
        metrics = try Self.metrics(run.metrics)
        var reader = RolloutReader()
        try run.rollouts.read { reader.add($0) }
        (rewards, unscored, rollouts) = (reader.finished, reader.unscored, reader.count)
        var heldOut = HeldOutHistory()
        try run.heldOut.read { try heldOut.add(HeldOutRecord($0, file: run.heldOut.url.relativePath)) }
        self.heldOut = heldOut
        comparison = summary.map(Self.comparison) ?? Self.comparison(heldOut)
    }

    /// A metric's values by step, steps without it left out.
    func points(_ name: String) -> [LinePlot.Point] {
        metrics.compactMap { row in row.values[name].map { LinePlot.Point(step: row.step, value: $0) } }
    }

    private static func comparison(_ summary: RunSummary) -> Comparison? {
        summary.heldOut.map { Comparison(change: $0, byKind: summary.byKind, step: summary.steps) }
    }

    private static func comparison(_ heldOut: HeldOutHistory) -> Comparison? {
        guard let step = heldOut.steps.last, step != heldOut.steps.first else { return nil }
        let pair = PairedComparison(before: EvaluationSummary(heldOut.first), after: EvaluationSummary(heldOut.last))
        let kinds = CriterionKind.allCases.compactMap { kind in pair.change(of: kind).map { (kind, $0) } }
        return pair.change.map {
            Comparison(change: $0, byKind: Dictionary(uniqueKeysWithValues: kinds), step: step)
        }
    }

    private static func text(_ url: URL) throws -> String? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try String(decoding: DurableFile.read(url), as: UTF8.self)
    }

    private static func metrics(_ log: JSONLinesLog) throws -> [StepMetrics] {
        var metrics: [StepMetrics] = []
        try log.read { try metrics.append(StepMetrics($0, file: log.url.relativePath)) }
        return metrics
    }
}

/// Sums rollouts up group by group without keeping them.
private struct RolloutReader {
    private var steps: [RunHistory.StepRewards] = []
    private var group: (step: Int, task: String, rewards: [Double])?
    private(set) var unscored: [String: Int] = [:]
    private(set) var count = 0

    mutating func add(_ value: JSONValue) {
        guard let step = value["step"]?.int, let task = value["task"]?.string else { return }
        count += 1
        if group?.step != step || group?.task.isExactly(task) != true {
            closeGroup()
            group = (step, task, [])
        }
        if let reward = value["reward"]?.double {
            group?.rewards.append(reward)
        } else {
            unscored[value["unscored"]?["reason"]?.string ?? "unknown", default: 0] += 1
        }
    }

    /// The steps with at least one scored group.
    var finished: [RunHistory.StepRewards] {
        var copy = self
        copy.closeGroup()
        return copy.steps.filter { !$0.groups.isEmpty }
    }

    private mutating func closeGroup() {
        guard let group else { return }
        if steps.last?.step != group.step { steps.append(RunHistory.StepRewards(step: group.step)) }
        let mean = group.rewards.reduce(0, +) / Double(max(1, group.rewards.count))
        if !group.rewards.isEmpty { steps[steps.count - 1].groups.append(mean) }
        self.group = nil
    }
}
