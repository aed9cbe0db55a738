// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Judging
public import Policies
public import Rewards
public import Rubrics
public import Runs

/// Measures a policy on rubric rows: several completions a prompt, each judged and rewarded.
///
/// Completions follow from the seed, the task's place and the sample's number alone, so two measurements with one seed
/// are paired.
public struct RubricEvaluation: Sendable {
    /// How a policy is measured.
    public struct Configuration: Sendable, Hashable {
        /// Completions a prompt.
        public var samples: Int
        /// How tokens are drawn; without stop tokens, the model's own.
        public var temperature: Double
        /// The longest completion, in tokens.
        public var maxCompletionTokens: Int
        /// The seed of the draws.
        public var seed: UInt64
        /// The most completions that are with the judge at once; how many calls that makes is the judge's to bound.
        public var maximumConcurrentAssessments = 64

        /// Makes a configuration.
        public init(samples: Int = 4, temperature: Double = 1, maxCompletionTokens: Int, seed: UInt64 = 0) {
            self.samples = samples
            self.temperature = temperature
            self.maxCompletionTokens = maxCompletionTokens
            self.seed = seed
        }
    }

    /// Keeps the calls that failed in the end for a record's subject.
    public typealias KeepFailures =
        @Sendable (_ subject: String, _ failures: [CallKey: ChatModelError]) async throws -> Void

    /// How the policy is measured.
    public let configuration: Configuration
    /// The prompts with their rubrics.
    public let tasks: [RubricTask]
    private let grader: Grader
    private let keepFailures: KeepFailures

    /// Prepares a measurement.
    public init(
        tasks: [RubricTask],
        grader: Grader,
        configuration: Configuration,
        keepFailures: @escaping KeepFailures = { _, _ in }
    ) {
        self.tasks = tasks
        self.grader = grader
        self.keepFailures = keepFailures
        self.configuration = configuration
    }

    /// Samples and judges every task.
    ///
    /// - Parameters:
    ///   - policy: What is measured.
    ///   - step: The training step to note in the records; 0 for an untrained policy.
    ///   - observer: Called with the tokens drawn so far.
    /// - Returns: One record a completion, in task and sample order.
    /// - Throws: `ContextOverflow` for a prompt that leaves no room, what sampling throws, `CancellationError`, and
    ///   `RewardError` for rubrics that give no reward.
    public func records(
        of policy: some CompletionSampling,
        step: Int,
        observer: (@Sendable (_ tokens: Int) -> Void)? = nil
    ) async throws -> [HeldOutRecord] {
        let prompts = policy.prompts
        let requests = try tasks.enumerated().map { index, task in
            SamplingRequest(
                prompt: try prompts.tokens(of: task, leaving: configuration.maxCompletionTokens),
                streams: (0..<configuration.samples).map {
                    // Step 0 belongs to no training step, so these draws are nobody else's.
                    DrawStream(seed: configuration.seed, step: 0, task: UInt64(index), sample: $0)
                }
            )
        }
        let options = SamplingOptions(
            temperature: configuration.temperature,
            maxTokens: configuration.maxCompletionTokens,
            stopTokens: prompts.stopTokens
        )
        let sampled = try await policy.sample(requests, options: options, observer: observer)
        let groups = zip(tasks, sampled).map { (task: $0, completions: $1) }
        let records = try await concurrently(groups.count) { place in
            try await self.records(of: groups[place].completions, for: groups[place].task, prompts, step: step)
        }
        return records.flatMap(\.self)
    }

    /// Makes the records of tasks side by side, as many at once as configured, and gives them in order.
    private func concurrently(
        _ count: Int,
        _ make: @escaping @Sendable (_ place: Int) async throws -> [HeldOutRecord]
    ) async throws -> [[HeldOutRecord]] {
        let width = max(1, configuration.maximumConcurrentAssessments / max(1, configuration.samples))
        return try await withThrowingTaskGroup(of: (place: Int, records: [HeldOutRecord]).self) { group in
            var all = [[HeldOutRecord]](repeating: [], count: count)
            for place in 0..<count {
                if place >= width, let next = try await group.next() { all[next.place] = next.records }
                group.addTask { (place, try await make(place)) }
            }
            for try await (place, records) in group { all[place] = records }
            return all
        }
    }

    private func records(
        of completions: [SampledTokens],
        for task: RubricTask,
        _ prompts: PromptFormat,
        step: Int
    ) async throws -> [HeldOutRecord] {
        let texts = completions.map { prompts.text(of: $0.tokens) }
        let grades = try await grader.grade(group: texts, for: task)
        var records: [HeldOutRecord] = []
        for (sample, grade) in grades.enumerated() {
            let graded = GradedCompletion(
                step: step,
                task: grader.method.judgedTask(for: task),
                sample: sample,
                text: texts[sample],
                stopReason: completions[sample].stopReason.rawValue,
                outcome: grade.outcome,
                verdicts: grade.assessment.verdicts,
                credits: try grader.method.reward.credits(of: grade.outcome, for: task),
                rating: grade.assessment.rating.map(RatingRecord.init)
            )
            let prompt = task.prompt.last { $0.role == .user }?.content ?? ""
            let record = HeldOutRecord(completion: graded, prompt: prompt)
            if !grade.assessment.failures.isEmpty {
                try await keepFailures(record.subject, grade.assessment.failures)
            }
            records.append(record)
        }
        return records
    }
}
