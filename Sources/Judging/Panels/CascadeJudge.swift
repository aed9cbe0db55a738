// SPDX-License-Identifier: Apache-2.0

import ChatModels
public import Rubrics

/// Asks a cheap judge first, and a better one about what the cheap one does not know well.
public struct CascadeJudge: Judge {
    /// Both judges' names.
    public var name: String { "\(first.name)>\(second.name)" }
    private let first: any Judge
    private let second: any Judge
    private let threshold: Double

    /// Joins two judges of criteria.
    ///
    /// - Parameters:
    ///   - first: Asked about everything.
    ///   - second: Asked about criteria that the first cannot assess, has not judged, or is not sure of.
    ///   - threshold: The least confidence with which the first judge's verdict stands; a judge that gives none is
    ///     taken at its word.
    public init(_ first: any Judge, then second: any Judge, below threshold: Double) {
        self.first = first
        self.second = second
        self.threshold = threshold
    }

    /// The first judge's verdicts where they stand, the second's elsewhere.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        var assessment = try await first.assess(completion, for: task)
        let doubtful = zip(task.criteria, assessment.verdicts).filter { isDoubtful($1) }.map(\.0.id)
        guard !assessment.completionIsEmpty, !doubtful.isEmpty else { return assessment }
        let rest = task.keeping { criterion in doubtful.contains { $0.isExactly(criterion.id) } }
        let again = try await second.assess(completion, for: rest)
        assessment.verdicts = assessment.verdicts.map { verdict in
            again.verdicts.first { $0.criterion.isExactly(verdict.criterion) }
                .map { settled(verdict, by: $0) } ?? verdict
        }
        assessment.usage += again.usage
        assessment.failures.merge(again.failures) { $1 }
        return assessment
    }

    private func isDoubtful(_ verdict: Verdict) -> Bool {
        switch verdict.outcome {
        case .met, .unmet: (verdict.confidence ?? 1) < threshold
        case .cannotAssess, .unjudged: true
        }
    }

    /// The second judge's verdict; where it fails too, the first's stands, its failure confirmed.
    private func settled(_ verdict: Verdict, by second: Verdict) -> Verdict {
        guard case .unjudged(let failure) = second.outcome else { return second }
        guard case .unjudged(var own) = verdict.outcome else { return verdict }
        own.isConfirmed = own.isConfirmed || own.cause.isContentBound && failure.cause.isContentBound
        var verdict = verdict
        verdict.outcome = .unjudged(own)
        return verdict
    }
}
