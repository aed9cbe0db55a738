// SPDX-License-Identifier: Apache-2.0

public import Judging
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

    /// How the policy is measured.
    public let configuration: Configuration
    /// The prompts with their rubrics.
    public let tasks: [RubricTask]
    private let judge: any Judge
    private let reward: ExplicitReward

    /// Prepares a measurement.
    public init(tasks: [RubricTask], judge: any Judge, reward: ExplicitReward, configuration: Configuration) {
        self.tasks = tasks
        self.judge = judge
        self.reward = reward
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
        let completions = zip(tasks, sampled).flatMap { task, completions in
            completions.enumerated().map { (task: task, sample: $0, completion: $1) }
        }
        return try await concurrently(completions.count) { place in
            let (task, sample, completion) = completions[place]
            return try await record(task, sample, completion, prompts, step: step)
        }
    }

    /// Makes records side by side, as many at once as configured, and gives them in order.
    private func concurrently(
        _ count: Int,
        _ make: @escaping @Sendable (_ place: Int) async throws -> HeldOutRecord
    ) async throws -> [HeldOutRecord] {
        try await withThrowingTaskGroup(of: (place: Int, record: HeldOutRecord).self) { group in
            var records = [HeldOutRecord?](repeating: nil, count: count)
            for place in 0..<count {
                if place >= configuration.maximumConcurrentAssessments, let next = try await group.next() {
                    records[next.place] = next.record
                }
                group.addTask { (place, try await make(place)) }
            }
            for try await (place, record) in group { records[place] = record }
            return records.compactMap(\.self)
        }
    }

    private func record(
        _ task: RubricTask,
        _ sample: Int,
        _ completion: SampledTokens,
        _ prompts: PromptFormat,
        step: Int
    ) async throws -> HeldOutRecord {
        let text = prompts.text(of: completion.tokens)
        let assessment = try await judge.assess(text, for: task)
        let graded = GradedCompletion(
            step: step,
            task: task,
            sample: sample,
            text: text,
            stopReason: completion.stopReason.rawValue,
            outcome: try reward.outcome(of: assessment, for: task),
            verdicts: assessment.verdicts
        )
        return HeldOutRecord(completion: graded, prompt: task.prompt.last { $0.role == .user }?.content ?? "")
    }
}
