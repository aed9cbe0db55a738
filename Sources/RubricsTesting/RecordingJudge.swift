// SPDX-License-Identifier: Apache-2.0

public import Judging
public import Rubrics
import Synchronization

/// A judge that keeps what it was asked and what it answered.
public final class RecordingJudge: Judge {
    /// One finished assessment.
    public struct Call: Sendable, Hashable {
        /// The task's identifier.
        public var task: String
        /// The completion.
        public var completion: String
        /// The answer.
        public var assessment: Assessment
    }

    private let base: any Judge
    private let record = Mutex<[Call]>([])

    /// The base judge's name.
    public var name: String { base.name }

    /// Records what `base` is asked.
    public init(_ base: any Judge) {
        self.base = base
    }

    /// The finished assessments, in the order in which they finished.
    public var calls: [Call] { record.withLock(\.self) }

    /// Asks the base judge and records its answer.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        let assessment = try await base.assess(completion, for: task)
        record.withLock { $0.append(Call(task: task.id, completion: completion, assessment: assessment)) }
        return assessment
    }
}
