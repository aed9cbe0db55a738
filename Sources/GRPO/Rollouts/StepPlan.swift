// SPDX-License-Identifier: Apache-2.0

import Policies
import Rubrics

/// The prompts of a step and the numbers of their samples; they follow from the seed and the step alone.
struct StepPlan: Sendable {
    /// One prompt of the step.
    struct Group: Sendable {
        /// The task's place among the run's.
        var place: Int
        var task: RubricTask
        var prompt: [Int32]
        /// How often the task has come up before in the step, and how often it does in all.
        var occurrence: Int
        var occurrences: Int
    }

    let step: Int
    let groups: [Group]
    /// How many completions a group should have.
    let groupSize: Int
    private let seed: UInt64

    /// Chooses a step's prompts.
    ///
    /// - Throws: What the prompts' format throws.
    init(step: Int, recipe: TrainingRecipe, tasks: [RubricTask], prompts: PromptFormat) throws {
        try self.init(step: step, recipe: recipe, tasks: tasks) { try prompts.tokens(for: $0.prompt) }
    }

    /// Chooses a step's prompts, of which nothing is to be sampled.
    init(step: Int, recipe: TrainingRecipe, tasks: [RubricTask]) {
        self.init(step: step, recipe: recipe, tasks: tasks) { _ in [] }
    }

    private init(
        step: Int,
        recipe: TrainingRecipe,
        tasks: [RubricTask],
        tokens: (RubricTask) throws -> [Int32]
    ) rethrows {
        let places = TaskOrder(count: tasks.count, seed: recipe.seed)
            .tasks(step: step, promptsPerStep: recipe.grpo.promptsPerStep)
        let all = try zip(places, TaskOrder.occurrences(of: places)).map { place, occurrence in
            Group(
                place: place,
                task: tasks[place],
                prompt: try tokens(tasks[place]),
                occurrence: occurrence,
                occurrences: places.count { $0 == place }
            )
        }
        self.init(step: step, groups: all, seed: recipe.seed, groupSize: recipe.grpo.groupSize)
    }

    init(step: Int, groups: [Group], seed: UInt64, groupSize: Int) {
        self.step = step
        self.groups = groups
        self.seed = seed
        self.groupSize = groupSize
    }

    /// The whole step's completions, a request a prompt.
    var requests: [SamplingRequest] { groups.indices.map { request(group: $0, indices: 0..<groupSize) } }

    /// Asks for completions of a group by their places in it: from the group's size on they are refills.
    func request(group: Int, indices: Range<Int>) -> SamplingRequest {
        let streams = indices.map {
            DrawStream(
                seed: seed,
                step: step,
                task: UInt64(groups[group].place),
                sample: sample(group: group, index: $0)
            )
        }
        return SamplingRequest(prompt: groups[group].prompt, streams: streams)
    }

    /// The number of a completion within its task: a task's own samples come first, occurrence after occurrence, then
    /// the refills, the occurrences taking turns.
    func sample(group: Int, index: Int) -> Int {
        let group = groups[group]
        return index < groupSize
            ? group.occurrence * groupSize + index
            : index * group.occurrences + group.occurrence
    }

    /// Cuts a step's recorded rollouts into its groups.
    ///
    /// - Throws: ``TrainingError`` when the records are of other tasks: the recipe or its data have changed.
    func split<Record>(_ records: [Record], by key: (Record) -> (task: String, sample: Int)) throws -> [[Record]] {
        var rest = records[...]
        let split = try groups.map { group in
            let own = rest.prefix(groupSize)
            let refills = rest.dropFirst(groupSize).prefix { record in
                let (task, sample) = key(record)
                return task.isExactly(group.task.id) && sample >= group.occurrences * groupSize
            }
            rest = rest.dropFirst(own.count + refills.count)
            guard own.count == groupSize, own.allSatisfy({ key($0).task.isExactly(group.task.id) }) else {
                throw changed(group.task.id)
            }
            return Array(own + refills)
        }
        if let record = rest.first { throw changed(key(record).task) }
        return split
    }

    private func changed(_ task: String) -> TrainingError {
        TrainingError(
            .invalidData,
            "what is recorded of step \(step) does not fit its prompts (at task \(task)): the recipe or its data have "
                + "changed since; start a new run"
        )
    }
}
