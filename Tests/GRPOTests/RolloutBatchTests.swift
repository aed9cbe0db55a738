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
        return try RolloutBatch(restoring: records, tasks: tasks, prompts: [[1, 2], [3]])
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
            verdicts: verdicts
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
        let rewards = batch.rewards(.init())
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
        let advantages = Advantages.estimate(rewards: batch.rewards(.init()), scaling: .none)
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
        #expect(batch.rewards(.init()) == [[1, 0.25], [1, 0.25]])
        var settings = TrainingRecipe.RewardSection()
        settings.unjudgedInGroup = .dropInGroup
        #expect(batch.rewards(settings) == [[1, 0], [1, 0.25]])
    }

    @Test("Dropping in a group keeps to the recipe's way with faults")
    func dropInGroupWithPenalty() throws {
        var tasks = tasks
        for index in tasks.indices { tasks[index].criteria[1].polarity = .negative }
        tasks[0].criteria.append(Criterion(id: "c3", description: "three", weight: 2))
        // The fault is committed: credited stands for avoided.
        let grades = [Grade(credited: [true, false, nil]), Grade(credited: [true, true, true])]
        let first = try batch([grades], [tasks[0]])
        var settings = TrainingRecipe.RewardSection()
        settings.unjudgedInGroup = .dropInGroup
        settings.negative = .penalty
        #expect(first.rewards(settings)[0] == [2.0 / 3, 1])
    }

    @Test("Records of other tasks are refused")
    func otherTasks() {
        let records = [record(tasks[1], sample: 0, Grade(), id: 0), record(tasks[0], sample: 0, Grade(), id: 1)]
        #expect(throws: TrainingError.self) {
            _ = try RolloutBatch(restoring: records, tasks: tasks, prompts: [[1, 2], [3]])
        }
    }
}
