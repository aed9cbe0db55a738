// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Judging
import Policies
public import Rewards
import Rubrics
public import Runs

/// Makes every reward of a run again from what judges once answered, and compares it with the recorded one bit by bit.
public struct RunReplay: Sendable {
    /// A reward that did not come out as recorded.
    public struct Difference: Sendable, Hashable {
        /// The rollout or held-out sample, as the ledger calls it.
        public var subject: String
        /// What is recorded.
        public var recorded: String
        /// What came out.
        public var replayed: String
    }

    /// What a replay came to.
    public struct Outcome: Sendable, Hashable {
        /// How many rewards were made again.
        public internal(set) var count = 0
        /// Those that differ.
        public internal(set) var differences: [Difference] = []
    }

    /// Makes the grader of a subject: one whose calls fail where they failed then.
    public typealias MakeGrader = @Sendable (_ subject: String) async throws -> Grader

    private let inputs: TrainingInputs
    private let run: RunDirectory
    private let grader: MakeGrader

    /// Prepares a replay.
    ///
    /// - Parameters:
    ///   - inputs: The run's recipe with its data.
    ///   - run: The run.
    ///   - grader: Makes the grader of a subject.
    public init(_ inputs: TrainingInputs, of run: RunDirectory, grader: @escaping MakeGrader) {
        self.inputs = inputs
        self.run = run
        self.grader = grader
    }

    /// Replays the rollouts and the held-out samples.
    ///
    /// - Parameter progress: Told how many rewards have been made.
    /// - Returns: How many, and which differ.
    /// - Throws: ``TrainingError`` when the records do not fit the recipe's data, and what grading throws.
    public func run(progress: (Int) -> Void = { _ in }) async throws -> Outcome {
        var outcome = Outcome()
        var step: [RolloutRecord] = []
        for value in try run.rollouts.values() {
            let record = try RolloutRecord(value)
            if let last = step.last, last.completion.step != record.completion.step {
                try await replay(step, into: &outcome)
                progress(outcome.count)
                step = []
            }
            step.append(record)
        }
        if !step.isEmpty { try await replay(step, into: &outcome) }
        try await replayHeldOut(into: &outcome, progress)
        return outcome
    }

    // MARK: - Rollouts

    private func replay(_ records: [RolloutRecord], into outcome: inout Outcome) async throws {
        let plan = StepPlan(step: records[0].completion.step, recipe: inputs.recipe, tasks: inputs.train)
        let groups = try plan.split(records) { ($0.completion.task, $0.completion.sample) }
        for (records, planned) in zip(groups, plan.groups) {
            try await replay(records, of: planned.task, into: &outcome)
        }
    }

    /// A group in the rounds in which it was sampled: its own completions, then refill after refill.
    private func replay(_ records: [RolloutRecord], of task: RubricTask, into outcome: inout Outcome) async throws {
        var assessments: [Assessment] = []
        var rest = records[...]
        var size = inputs.recipe.grpo.groupSize
        while !rest.isEmpty, size > 0 {
            let round = rest.prefix(size)
            rest = rest.dropFirst(size)
            assessments += try await assess(Array(round), of: task)
            let graders = try await grader(round[round.startIndex].subject)
            let outcomes = try graders.method.reward.outcomes(
                of: assessments,
                for: task,
                contentFailures: graders.contentFailures
            ).suffix(round.count)
            for (record, found) in zip(round, outcomes) {
                outcome.compare(record.subject, record.completion, found)
            }
            size = outcomes.count { $0.value == nil }
        }
    }

    private func assess(_ records: [RolloutRecord], of task: RubricTask) async throws -> [Assessment] {
        let first = try await grader(records[0].subject)
        let judged = first.method.judgedTask(for: task)
        if first.judge.needsWholeGroup {
            return try await first.judge.assess(group: records.map(\.completion.text), for: judged)
        }
        var assessments: [Assessment] = []
        for record in records {
            let judge = try await grader(record.subject).judge
            assessments.append(try await judge.assess(record.completion.text, for: judged))
        }
        return assessments
    }

    // MARK: - Held-out samples

    private func replayHeldOut(into outcome: inout Outcome, _ progress: (Int) -> Void) async throws {
        let tasks = Dictionary(inputs.heldOut.map { (ExactText($0.id), $0) }) { $1 }
        var group: [HeldOutRecord] = []
        for value in try run.heldOut.values() {
            let record = try HeldOutRecord(value)
            if let last = group.last, !last.isOfGroup(record) {
                try await replay(group, tasks, into: &outcome)
                progress(outcome.count)
                group = []
            }
            group.append(record)
        }
        if !group.isEmpty { try await replay(group, tasks, into: &outcome) }
    }

    private func replay(
        _ records: [HeldOutRecord],
        _ tasks: [ExactText: RubricTask],
        into outcome: inout Outcome
    ) async throws {
        guard let task = tasks[ExactText(records[0].completion.task)] else {
            throw TrainingError(
                .invalidData,
                "the held-out task \(records[0].completion.task) is not in the recipe's data: it has changed since"
            )
        }
        let first = try await grader(records[0].subject)
        if first.judge.needsWholeGroup {
            let grades = try await first.grade(group: records.map(\.completion.text), for: task)
            for (record, grade) in zip(records, grades) {
                outcome.compare(record.subject, record.completion, grade.outcome)
            }
        } else {
            for record in records {
                let grade = try await grader(record.subject).grade(record.completion.text, for: task)
                outcome.compare(record.subject, record.completion, grade.outcome)
            }
        }
    }
}

extension HeldOutRecord {
    fileprivate func isOfGroup(_ other: HeldOutRecord) -> Bool {
        completion.step == other.completion.step && completion.task.isExactly(other.completion.task)
    }
}

extension RunReplay.Outcome {
    /// Counts a reward, and notes it where its bits, or the reason for having none, differ.
    fileprivate mutating func compare(_ subject: String, _ recorded: GradedCompletion, _ found: RewardOutcome) {
        count += 1
        let credits: [Bool?]
        switch found {
        case .scored(let reward): credits = reward.credits.map(\.credited)
        case .unscored: credits = recorded.verdicts.map(\.credited)
        }
        let isSame =
            recorded.reward?.bitPattern == found.value?.bitPattern && recorded.unscored?.reason == found.reason
            && recorded.verdicts.map(\.credited) == credits
        guard !isSame else { return }
        differences.append(
            RunReplay.Difference(
                subject: subject,
                recorded: recorded.reward.map { "\($0)" } ?? "unscored: \(recorded.unscored?.reason ?? "")",
                replayed: found.value.map { "\($0)" } ?? "unscored: \(found.reason ?? "")"
            )
        )
    }
}

extension RewardOutcome {
    fileprivate var reason: String? {
        if case .unscored(let reason) = self { reason.reason } else { nil }
    }
}
