// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics
import Synchronization

/// A judge that fails now and then, and takes its time.
public final class FaultInjectingJudge: Judge {
    /// When criteria fail.
    public enum Schedule: Sendable {
        /// Each criterion of each completion with this probability, decided by the seed, the completion and the
        /// criterion, so that neither order nor concurrency changes it; the cause is drawn from the list.
        case seeded(UInt64, rate: Double, causes: [JudgeFailure.Cause])
        /// All criteria of the assessments with these numbers, counted from 0 over all tasks.
        case assessments([Int: JudgeFailure.Cause])
        /// These criteria, by task and criterion, always.
        case criteria([String: [String: JudgeFailure.Cause]])
    }

    private let base: any Judge
    private let schedule: Schedule
    private let delay: @Sendable (_ assessment: Int) async throws -> Void
    private let assessments = Mutex(0)

    /// The base judge's name.
    public var name: String { base.name }

    /// Makes `base` fail as scheduled.
    public init(_ base: any Judge, failing schedule: Schedule) {
        self.base = base
        self.schedule = schedule
        delay = { _ in }
    }

    /// Makes `base` fail as scheduled, and wait before each answer.
    ///
    /// - Parameters:
    ///   - base: The judge that answers what does not fail.
    ///   - schedule: When criteria fail.
    ///   - clock: The clock to wait on; ``ImmediateClock`` passes any time at once.
    ///   - delay: How long the assessment with this number waits.
    public init<C: Clock>(
        _ base: any Judge,
        failing schedule: Schedule,
        on clock: C,
        delay: @escaping @Sendable (_ assessment: Int) -> C.Duration
    ) {
        self.base = base
        self.schedule = schedule
        self.delay = { try await clock.sleep(until: clock.now.advanced(by: delay($0)), tolerance: nil) }
    }

    /// Waits, asks the base judge, and takes away the verdicts that are to fail.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        let number = assessments.withLock { count in
            defer { count += 1 }
            return count
        }
        try await delay(number)
        var assessment = try await base.assess(completion, for: task)
        guard !assessment.completionIsEmpty else { return assessment }
        assessment.verdicts = assessment.verdicts.map { verdict in
            guard let cause = cause(for: verdict, of: completion, in: task, number: number) else { return verdict }
            let failure = JudgeFailure(cause: cause, detail: "injected")
            return Verdict(criterion: verdict.criterion, outcome: .unjudged(failure), reason: "", judge: verdict.judge)
        }
        return assessment
    }

    private func cause(
        for verdict: Verdict,
        of completion: String,
        in task: RubricTask,
        number: Int
    ) -> JudgeFailure.Cause? {
        switch schedule {
        case .assessments(let causes): return causes[number]
        case .criteria(let causes): return causes[task.id]?[verdict.criterion]
        case .seeded(let seed, let rate, let causes):
            let path = [task.id, verdict.criterion, completion].map(\.stableHash)
            var stream = SplitMix64(seed: seed, path: path[0], path[1], path[2])
            guard stream.uniform() < rate else { return nil }
            return causes.randomElement(using: &stream)
        }
    }
}
