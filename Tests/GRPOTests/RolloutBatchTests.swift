// SPDX-License-Identifier: Apache-2.0

import Rewards
import Rubrics
import Runs
import Testing

@testable import GRPO

@Suite("Rollout batches")
struct RolloutBatchTests {
    private let tasks = ["a", "b"].map { name in
        RubricTask(
            id: name,
            prompt: [Message(role: .user, content: name)],
            criteria: [
                Criterion(id: "c1", description: "one", weight: 3), Criterion(id: "c2", description: "two", weight: 1),
            ]
        )
    }

    /// One completion: which criteria are credited (`nil`: unjudged), or unscored.
    private struct Grade {
        var credited: [Bool?]? = [true, true]
        var stopReason = "end_of_sequence"
    }

    private func batch(_ grades: [[Grade]], _ others: [RubricTask]? = nil) throws -> RolloutBatch {
        let tasks = others ?? tasks
        var records: [RolloutRecord] = []
        for (task, group) in zip(tasks, grades) {
            for (sample, grade) in group.enumerated() {
                records.append(record(task, sample: sample, grade, id: records.count))
            }
        }
        return try restored(records, tasks, groupSize: grades[0].count)
    }

    private func plan(_ tasks: [RubricTask], groupSize: Int) -> StepPlan {
        let prompts: [[Int32]] = [[1, 2], [3]]
        let groups = zip(tasks, prompts).enumerated().map { place, group in
            let own = tasks.indices.filter { tasks[$0].id == group.0.id }
            return StepPlan.Group(
                place: own[0],
                task: group.0,
                prompt: group.1,
                occurrence: own.firstIndex(of: place) ?? 0,
                occurrences: own.count
            )
        }
        return StepPlan(step: 1, groups: groups, seed: 1, groupSize: groupSize)
    }

    private let moment = TrainingMoment(seed: 1, step: 1, steps: 1)

    private func restored(_ records: [RolloutRecord], _ tasks: [RubricTask], groupSize: Int) throws -> RolloutBatch {
        var batch = RolloutBatch(plan: plan(tasks, groupSize: groupSize))
        try batch.restore(records)
        return batch
    }

    private func record(_ task: RubricTask, sample: Int, _ grade: Grade, id: Int) -> RolloutRecord {
        let credits = zip(task.criteria, grade.credited ?? task.criteria.map { _ in nil }).map { criterion, credited in
            Credit(criterion: criterion.id, weight: criterion.weight ?? 0, credited: credited)
        }
        let judged = credits.filter { $0.credited != nil }
        let weight = judged.reduce(0) { $0 + $1.weight }
        let earned = judged.filter { $0.credited == true }.reduce(0) { $0 + $1.weight }
        let verdicts = credits.map { credit in
            let failure = JudgeFailure(cause: .timeout, detail: "no answer")
            let outcome = credit.credited.map { $0 ? Verdict.Outcome.met : .unmet } ?? .unjudged(failure)
            return Verdict(criterion: credit.criterion, outcome: outcome, reason: "", judge: "test")
        }
        let completion = GradedCompletion(
            step: 1,
            task: task,
            sample: sample,
            text: "text",
            stopReason: grade.stopReason,
            outcome: grade.credited == nil
                ? .unscored(UnscoredReason(reason: "timeout", detail: ""))
                : .scored(Reward(value: earned / weight, coverage: weight / 4, credits: credits)),
            verdicts: verdicts,
            credits: credits
        )
        return RolloutRecord(id: id, completion: completion, tokenIDs: [10 + id, 2], samplingLogprobs: [-1, -2])
    }

    @Test("Unscored rollouts and skipped groups take no part in the loss")
    func trained() throws {
        let batch = try batch([
            [Grade(), Grade(credited: nil), Grade(credited: [false, true])],
            [
                Grade(credited: nil), Grade(credited: nil), Grade(),
            ],
        ])
        let rewards = try batch.rewards(RewardSettings(), at: moment)
        #expect(rewards == [[1, nil, 0.25], [nil, nil, 1]])
        let advantages = Advantages.estimate(rewards: rewards, scaling: .none)
        #expect(advantages == [[0.375, nil, -0.375], [nil, nil, nil]])
        let trained = batch.trained(advantages, maskingTruncated: false)
        #expect(trained.groups.map { $0.rollouts.map(\.tokens) } == [[[10, 2], [12, 2]], []])
        #expect(trained.groups[0].rollouts.map(\.advantage) == [0.375, -0.375])
        #expect(trained.groups.map(\.prompt) == [[1, 2], [3]])
    }

    @Test("Masking takes truncated completions from the loss, not from the mean")
    func masking() throws {
        let grades = [Grade(), Grade(credited: [true, false], stopReason: "max_tokens")]
        let batch = try batch([grades, [Grade(), Grade(credited: [true, false], stopReason: "context_overflow")]])
        let advantages = Advantages.estimate(rewards: try batch.rewards(RewardSettings(), at: moment), scaling: .none)
        #expect(advantages == [[0.125, -0.125], [0.125, -0.125]])
        let masked = batch.trained(advantages, maskingTruncated: true)
        #expect(masked.groups.map { $0.rollouts.map(\.advantage) } == [[0.125], [0.125]])
        let all = batch.trained(advantages, maskingTruncated: false)
        #expect(all.groups.map { $0.rollouts.map(\.advantage) } == advantages)
    }

    @Test("A criterion unjudged for one member counts for none where the recipe says so")
    func dropInGroup() throws {
        let batch = try batch([
            [Grade(credited: [true, nil]), Grade(credited: [false, true])],
            [Grade(), Grade(credited: [false, true])],
        ])
        #expect(try batch.rewards(RewardSettings(), at: moment) == [[1, 0.25], [1, 0.25]])
        var settings = RewardSettings()
        settings.unjudgedInGroup = .dropInGroup
        #expect(try batch.rewards(settings, at: moment) == [[1, 0], [1, 0.25]])
    }

    @Test("Dropping in a group keeps to the recipe's way with faults")
    func dropInGroupWithPenalty() throws {
        var tasks = tasks
        for index in tasks.indices { tasks[index].criteria[1].polarity = .negative }
        tasks[0].criteria.append(Criterion(id: "c3", description: "three", weight: 2))
        // The fault is committed: credited stands for avoided.
        let grades = [Grade(credited: [true, false, nil]), Grade(credited: [true, true, true])]
        let first = try batch([grades], [tasks[0]])
        var settings = RewardSettings()
        settings.unjudgedInGroup = .dropInGroup
        settings.negative = .penalty
        #expect(try first.rewards(settings, at: moment)[0] == [2.0 / 3, 1])
    }

    @Test("Records of other tasks are refused")
    func otherTasks() {
        let records = [record(tasks[1], sample: 0, Grade(), id: 0), record(tasks[0], sample: 0, Grade(), id: 1)]
        #expect(throws: TrainingError.self) {
            _ = try restored(records, tasks, groupSize: 1)
        }
        for count in [0, 1, 3] {
            let records = (0..<count).map { record(tasks[min($0, 1)], sample: 0, Grade(), id: $0) }
            #expect(throws: TrainingError.self) { _ = try restored(records, tasks, groupSize: 1) }
        }
    }

    // MARK: Refills

    @Test("Refills have numbers after all of their task's own samples")
    func refillNumbers() {
        let one = plan(tasks, groupSize: 2)
        #expect((0..<5).map { one.sample(group: 1, index: $0) } == [0, 1, 2, 3, 4])
        let twice = plan([tasks[0], tasks[0]], groupSize: 2)
        #expect((0..<5).map { twice.sample(group: 0, index: $0) } == [0, 1, 4, 6, 8])
        #expect((0..<5).map { twice.sample(group: 1, index: $0) } == [2, 3, 5, 7, 9])
    }

    @Test("Recorded refills go back to their group, also where a task comes up twice")
    func refills() throws {
        let unscored = Grade(credited: nil)
        for tasks in [tasks, [tasks[0], tasks[0]]] {
            let plan = plan(tasks, groupSize: 2)
            let rows =
                [(0, 0, Grade()), (0, 1, unscored), (0, 2, unscored), (0, 3, Grade()), (1, 0, unscored)]
                + [(1, 1, Grade()), (1, 2, Grade(credited: [false, true]))]
            let records = rows.enumerated().map { id, row in
                record(tasks[row.0], sample: plan.sample(group: row.0, index: row.1), row.2, id: id)
            }
            let batch = try restored(records, tasks, groupSize: 2)
            #expect(try batch.rewards(RewardSettings(), at: moment) == [[1, nil, nil, 1], [nil, 1, 0.25]])
            #expect(batch.refilled == 3)
            #expect(batch.records(firstID: 0) == records)
            #expect(UnscoredLimit(share: 0).reasonToPause(batch) == nil)
        }
    }

    @Test("A step is whole when its refills are, round after round", arguments: 0...2)
    func wholeSteps(rounds: Int) {
        var grpo = TrainingRecipe.GRPOSection()
        (grpo.promptsPerStep, grpo.groupSize, grpo.refillUnscored) = (2, 2, rounds)
        let unscored = Grade(credited: nil)
        let first = [Grade(), unscored] + [[unscored], [unscored]].prefix(rounds).joined()
        let second = [unscored, unscored] + [[Grade(), unscored], [Grade()]].prefix(rounds).joined()
        let records = (first + second).enumerated().map { record(tasks[0], sample: 0, $1, id: $0) }
        #expect(RecordedStep.isWhole(records, grpo: grpo))
        for count in records.indices {
            #expect(!RecordedStep.isWhole(Array(records.prefix(count)), grpo: grpo), "\(count)")
        }
    }

    @Test("A step pauses the run when more of it than allowed has no reward, and says why")
    func pausing() throws {
        let batch = try batch([[Grade(), Grade(credited: nil)], [Grade(credited: nil), Grade(credited: nil)]])
        #expect(UnscoredLimit(share: 0.75).reasonToPause(batch) == nil)
        let reason = try #require(UnscoredLimit(share: 0.74).reasonToPause(batch))
        #expect(reason.hasPrefix("3 of the 4 completions of step 1 have no reward (timeout 3)"))
    }
}
