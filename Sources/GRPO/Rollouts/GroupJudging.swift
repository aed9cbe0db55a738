// SPDX-License-Identifier: Apache-2.0

import Judging
import Policies
import Rewards
import Rubrics
import Runs

/// A completion with what its judge said of it.
struct JudgedCompletion: Sendable {
    var completion: SampledTokens
    var text: String
    var assessment: Assessment
    /// How long the judge took, in seconds.
    var seconds: Double
}

/// A group's completions on their way from the sampler to the judge, in the order in which they end.
struct GroupFeed: Sendable {
    /// A completion with its place among the group's.
    typealias Element = (place: Int, completion: SampledTokens)

    /// How many completions there will be.
    let count: Int
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation

    init(count: Int) {
        self.count = count
        (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: .unbounded)
    }

    /// Takes a completion, from any thread.
    func send(_ completion: SampledTokens, place: Int) {
        continuation.yield((place, completion))
    }

    /// Ends the feed before all are there.
    func close() {
        continuation.finish()
    }

    /// The completions; fewer than ``count`` where the feed was closed or the task is cancelled.
    var completions: AsyncPrefixSequence<AsyncStream<Element>> { stream.prefix(count) }
}

/// Has groups judged while they are being sampled.
struct GroupJudging: Sendable {
    let grader: Grader
    let prompts: PromptFormat

    /// Judges a group; the one place where a group's texts become assessments.
    ///
    /// Each completion goes to the judge the moment it comes, but where completions are judged against one another; how
    /// many calls run at once is the judge's to bound.
    ///
    /// - Returns: The group in sample order, whatever the order in which it was sampled and judged.
    /// - Throws: What the judge throws, `CancellationError`.
    func assessments(of group: GroupFeed, for task: RubricTask) async throws -> [JudgedCompletion] {
        let task = grader.method.judgedTask(for: task)
        return try await grader.judge.needsWholeGroup ? together(group, for: task) : oneByOne(group, for: task)
    }

    private func together(_ group: GroupFeed, for task: RubricTask) async throws -> [JudgedCompletion] {
        var completions: [GroupFeed.Element] = []
        for await element in group.completions { completions.append(element) }
        guard completions.count == group.count else { throw CancellationError() }
        let sampled = completions.sorted { $0.place < $1.place }.map(\.completion)
        let start = ContinuousClock.now
        let texts = sampled.map { prompts.text(of: $0.tokens) }
        let assessments = try await grader.judge.assess(group: texts, for: task)
        let seconds = (ContinuousClock.now - start).seconds
        return sampled.indices.map { place in
            JudgedCompletion(
                completion: sampled[place],
                text: texts[place],
                assessment: assessments[place],
                seconds: seconds
            )
        }
    }

    private func oneByOne(_ group: GroupFeed, for task: RubricTask) async throws -> [JudgedCompletion] {
        try await withThrowingTaskGroup(of: (place: Int, judged: JudgedCompletion).self) { children in
            for await (place, completion) in group.completions {
                children.addTask {
                    do {
                        return (place, try await judged(completion, for: task))
                    } catch {
                        // Who waits for more completions has to know at once.
                        group.close()
                        throw error
                    }
                }
            }
            var found = [JudgedCompletion?](repeating: nil, count: group.count)
            for try await (place, judged) in children { found[place] = judged }
            let all = found.compactMap(\.self)
            guard all.count == group.count else { throw CancellationError() }
            return all
        }
    }

    private func judged(_ completion: SampledTokens, for task: RubricTask) async throws -> JudgedCompletion {
        let start = ContinuousClock.now
        let text = prompts.text(of: completion.tokens)
        let assessment = try await grader.judge.assess(text, for: task)
        let seconds = (ContinuousClock.now - start).seconds
        return JudgedCompletion(completion: completion, text: text, assessment: assessment, seconds: seconds)
    }
}
