// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rewards
import Rubrics

/// What a grading came to, in one line.
struct ModeReport: CustomStringConvertible {
    /// Who was asked what.
    var name: String
    /// The grades.
    var grades: [Grade]
    /// The calls.
    var log: CallLog
    /// How long it took.
    var time: Duration

    /// The share of verdicts or ratings that the replies gave.
    var share: Double {
        let outcomes = grades.flatMap(\.failures)
        return outcomes.isEmpty ? 0 : Double(outcomes.count { $0 == nil }) / Double(outcomes.count)
    }

    /// Why the others were not given, each reason once.
    var failures: [String] {
        Set(grades.flatMap(\.failures).compactMap { $0.map { "\($0.cause): \($0.detail)" } }).sorted()
    }

    /// The line.
    var description: String {
        let outcomes = grades.flatMap(\.failures)
        let given = outcomes.count { $0 == nil }
        let cut = log.replies.count { $0.stopReason == .maxTokens }
        let tokens = log.replies.reduce(0) { $0 + $1.usage.output }
        return "\(name): \(given) of \(outcomes.count) given in \(log.calls) calls, \(cut) cut, \(tokens) tokens, "
            + "\(time.components.seconds) s"
    }
}

extension Grade {
    /// What was asked for, each with its failure where there is one: the verdicts, or the rating.
    var failures: [JudgeFailure?] {
        if let rating = assessment.rating { return [rating.failure] }
        return assessment.verdicts.map { verdict in
            if case .unjudged(let failure) = verdict.outcome { failure } else { nil }
        }
    }
}
