// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Judging
import Rewards
import Rubrics

/// What a judging command came to.
struct JudgeSummary {
    private(set) var count = 0
    private(set) var rewards: [Double] = []
    private(set) var unscored: [String: Int] = [:]
    private(set) var usage = CallUsage.zero
    private var agreements: [Double] = []

    /// How many have no reward.
    var unscoredCount: Int { count - rewards.count }

    /// Counts a line.
    mutating func add(_ line: ScoredLine) {
        count += 1
        usage += line.grade.assessment.usage
        agreements += line.grade.assessment.verdicts.compactMap { $0.votes?.agreement }
        if let reward = line.reward {
            rewards.append(reward)
        } else {
            unscored[line.unscored?.reason ?? "incomplete", default: 0] += 1
        }
    }

    /// The mean reward; `nil` where nothing is scored.
    var mean: Double? {
        rewards.isEmpty ? nil : rewards.reduce(0, +) / Double(rewards.count)
    }

    /// A few lines for people.
    func text(seconds: Double) -> String {
        var lines = [
            "mean reward \(mean.map { String(format: "%.4f", $0) } ?? "none") over \(rewards.count) of \(count) responses"
        ]
        for (reason, count) in unscored.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("unscored    \(count) \(reason)")
        }
        if !agreements.isEmpty {
            let agreement = agreements.reduce(0, +) / Double(agreements.count)
            lines.append("agreement   \(String(format: "%.3f", agreement)) of the votes on a criterion, on average")
        }
        return (lines + expense(seconds: seconds)).joined(separator: "\n") + "\n"
    }

    /// The lines on calls and time.
    func expense(seconds: Double) -> [String] {
        usage.expense(seconds: seconds)
    }
}

extension CallUsage {
    /// The lines on calls and time that end a command's summary; none on calls where there were none.
    func expense(seconds: Double) -> [String] {
        var lines: [String] = []
        if calls > 0 {
            lines.append(
                "calls       \(calls - recorded) made, \(recorded) from the ledger, \(tokens.input) tokens read, "
                    + "\(tokens.output) written, $\(String(format: "%.4f", cost))"
            )
        }
        return lines + ["time        \(String(format: "%.1f", seconds)) s"]
    }
}
