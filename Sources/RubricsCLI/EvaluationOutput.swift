// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Foundation
import Rubrics
import Runs

/// What `rubrics evaluate rubrics` prints.
struct EvaluationOutput {
    let policy: EvaluationSummary
    let against: EvaluationSummary?

    private var comparison: PairedComparison? {
        against.map { PairedComparison(before: $0, after: policy) }
    }

    /// For people.
    var text: String {
        var lines = ["prompts \(policy.rewards.count)   completions \(policy.records.count)"]
        lines.append("reward \(Self.text(policy.reward()))")
        for kind in CriterionKind.allCases {
            if let estimate = policy.reward(of: kind) { lines.append("  \(kind.rawValue) \(Self.text(estimate))") }
        }
        if let against, let comparison {
            lines.append("against \(Self.text(against.reward()))")
            lines.append("difference \(Self.text(comparison.difference))")
            for kind in CriterionKind.allCases {
                if let estimate = comparison.difference(of: kind) {
                    lines.append("  \(kind.rawValue) \(Self.text(estimate))")
                }
            }
        }
        for (reason, count) in policy.unscored.sorted(by: { $0.key < $1.key }) {
            lines.append("unscored: \(count) \(reason)")
        }
        lines.append("criteria (share credited)")
        lines += policy.criteria.map { rate in
            "  \(Self.number(rate.rate))  \(rate.task)  \(rate.criterion)  \(rate.title)"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For machines.
    var json: JSONValue {
        var object: JSONObject = [
            "prompts": .integer(policy.rewards.count), "completions": .integer(policy.records.count),
            "reward": Self.json(policy.reward()), "by_kind": Self.byKind { policy.reward(of: $0) },
        ]
        if let against, let comparison {
            object["against"] = Self.json(against.reward())
            object["difference"] = Self.json(comparison.difference)
            object["difference_by_kind"] = Self.byKind { comparison.difference(of: $0) }
        }
        object["unscored"] = .object(
            JSONObject(policy.unscored.sorted { $0.key < $1.key }.map { (key: $0.key, value: .integer($0.value)) })
        )
        object["criteria"] = .array(
            policy.criteria.map {
                [
                    "task": .string($0.task), "id": .string($0.criterion), "title": .string($0.title),
                    "credited": .number($0.rate),
                ]
            }
        )
        return .object(object)
    }

    private static func byKind(_ estimate: (CriterionKind) -> Estimate?) -> JSONValue {
        .object(
            JSONObject(
                CriterionKind.allCases.compactMap { kind in
                    estimate(kind).map { (key: kind.rawValue, value: json($0)) }
                }
            )
        )
    }

    private static func json(_ estimate: Estimate?) -> JSONValue {
        guard let estimate else { return .null }
        return ["mean": .number(estimate.mean), "low": .number(estimate.low), "high": .number(estimate.high)]
    }

    private static func text(_ estimate: Estimate?) -> String {
        guard let estimate else { return "none: nothing was scored" }
        return "\(number(estimate.mean)) (95% interval \(number(estimate.low)) to \(number(estimate.high)))"
    }

    private static func number(_ value: Double) -> String {
        String(format: "%.3f", value)
    }
}
