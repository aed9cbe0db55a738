// SPDX-License-Identifier: Apache-2.0

public import ChatModels
public import Judging
public import Rubrics
import Synchronization

/// A judge that finds what a test says.
public final class ScriptedJudge: Judge {
    /// The outcome for one criterion of a task's sample; `sample` counts the assessments of that task from 0.
    public typealias Script =
        @Sendable (_ task: RubricTask, _ criterion: Criterion, _ sample: Int, _ completion: String) -> Verdict.Outcome

    /// The name that verdicts carry.
    public let name: String
    private let script: Script
    private let usage: CallUsage
    private let samples = Mutex<[String: Int]>([:])

    /// Makes a judge that asks `script` for every outcome.
    public init(name: String = "scripted", usage: CallUsage = .zero, script: @escaping Script) {
        self.name = name
        self.usage = usage
        self.script = script
    }

    /// Makes a judge from a table: for each task its samples in the order of assessment, for each sample the outcomes
    /// by criterion. The last sample repeats; what the table leaves out is unmet.
    public convenience init(name: String = "scripted", table: [String: [[String: Verdict.Outcome]]]) {
        self.init(name: name) { task, criterion, sample, _ in
            guard let rows = table[task.id], !rows.isEmpty else { return .unmet }
            return rows[min(sample, rows.count - 1)][criterion.id] ?? .unmet
        }
    }

    /// Answers as scripted.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        try Task.checkCancellation()
        if Thinking.standard.leavesNothing(of: completion) { return .empty(for: task, judge: name) }
        let sample = samples.withLock { samples in
            defer { samples[task.id, default: 0] += 1 }
            return samples[task.id, default: 0]
        }
        let verdicts = task.criteria.map { criterion in
            let outcome = script(task, criterion, sample, completion)
            return Verdict(criterion: criterion.id, outcome: outcome, reason: "scripted", judge: name)
        }
        return Assessment(verdicts: verdicts, usage: usage)
    }
}
