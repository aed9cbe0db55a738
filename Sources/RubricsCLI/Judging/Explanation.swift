// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRPO
import Rewards
import Rubrics
import Runs

/// Why a rollout got its reward, in words for someone who has never seen the code.
struct Explanation {
    let record: RolloutRecord
    let task: RubricTask
    /// The rollouts of the same prompt in the same step.
    let group: [RolloutRecord]
    let recipe: TrainingRecipe

    private var completion: GradedCompletion { record.completion }

    /// The whole explanation.
    var text: String {
        let parts = [heading, prompt, response, verdicts, rating, arithmetic, comparison]
        return parts.compactMap(\.self).joined(separator: "\n\n") + "\n"
    }

    private var heading: String {
        let reward = completion.reward.map { "reward \(Self.number($0))" } ?? "unscored"
        return "Rollout \(record.id): \(reward)\n"
            + "step \(completion.step), task \(task.id), sample \(completion.sample), \(recipe.reward.method.rawValue)"
    }

    private var prompt: String {
        let turns =
            task.prompt.count == 1 ? task.prompt[0].content : task.prompt.map(\.transcript).joined(separator: "\n")
        return "What was asked\n\(ShownText(turns).indented())"
    }

    private var response: String {
        let end = completion.stopReason == "end_of_sequence" ? "" : ", cut: \(completion.stopReason)"
        return "What was answered (\(record.tokenIDs.count) tokens\(end))\n\(ShownText(completion.text).indented())"
    }

    // MARK: - Verdicts

    private var verdicts: String? {
        guard !completion.verdicts.isEmpty else { return nil }
        return "What the judge found\n" + completion.verdicts.map(verdict).joined(separator: "\n")
    }

    private func verdict(_ verdict: VerdictRecord) -> String {
        let criterion = task.leafCriteria.first { $0.id.isExactly(verdict.id) }
        let name = ShownText("\(sign(of: verdict)) \(verdict.id) \(verdict.title)").indented().trimmed
        var lines = [name + " [\(Self.kind(of: verdict))]"]
        func add(_ heading: String, _ text: String) {
            lines.append("      \(heading): \(ShownText(text).following(indentation: 8))")
        }
        if let criterion { add("statement", criterion.description) }
        lines.append("      \(finding(of: verdict))")
        if !verdict.reason.utf8.isEmpty { add("because", verdict.reason) }
        for passage in verdict.evidence.prefix(3) { add("in the response", "“\(passage)”") }
        if let votes = verdict.votes {
            lines.append(
                "      votes: \(votes.met) met, \(votes.unmet) unmet, \(votes.cannotAssess) cannot tell, "
                    + "\(votes.unjudged) failed"
            )
        }
        return lines.joined(separator: "\n")
    }

    private func sign(of verdict: VerdictRecord) -> String {
        if completion.reward == nil { return "·" }
        return verdict.credited == nil ? "?" : verdict.credited == true ? "+" : "–"
    }

    private static func kind(of verdict: VerdictRecord) -> String {
        let importance = verdict.importance.map { "\($0.rawValue), " } ?? ""
        let polarity = verdict.polarity == .negative ? "a fault" : "a virtue"
        return "\(importance)\(polarity), weight \(number(verdict.weight))"
    }

    /// The verdict, and what polarity makes of it.
    private func finding(of verdict: VerdictRecord) -> String {
        let said =
            switch verdict.outcome {
            case .met: "met"
            case .unmet: "not met"
            case .cannotAssess: "cannot be assessed"
            case .unjudged: "not judged (\(verdict.failure?.cause.rawValue ?? "no answer"))"
            }
        // Without a reward no verdict has counted for anything.
        guard completion.reward != nil else { return "verdict of \(verdict.judge): \(said)" }
        let worth =
            switch (verdict.outcome, verdict.credited) {
            case (_, nil): "it leaves the sum"
            case (.unjudged, _): "not credited: the response itself made judging fail"
            case (.met, true?): "credited"
            case (.met, false?): "not credited: the statement names a fault, and the response has it"
            case (.unmet, true?): "credited: the statement names a fault, and the response does not have it"
            case (_, true?): "credited"
            case (_, false?): "not credited"
            }
        return "verdict of \(verdict.judge): \(said) → \(worth)"
    }

    private var rating: String? {
        guard let rating = completion.rating else { return nil }
        let said = rating.value.map { "\(Self.number($0))" } ?? "no rating: \(rating.failure?.detail ?? "")"
        let reason =
            rating.reason.utf8.isEmpty ? "" : "\n  because: \(ShownText(rating.reason).following(indentation: 4))"
        return "What the judge rated\n  \(rating.judge): \(said)\(reason)"
    }

    // MARK: - Arithmetic

    private var arithmetic: String {
        guard let reward = completion.reward else {
            let reason = completion.unscored
            return "Why there is no reward\n  \(reason?.reason ?? ""): \(reason?.detail ?? "")\n"
                + "  The sample takes no part in its group's mean, deviation or loss."
        }
        let lines = RewardArithmetic(completion, settings: recipe.reward).lines
        return "How the reward comes about\n" + lines.map { "  \($0)" }.joined(separator: "\n")
            + (completion.coverage < 1
                ? "\n  \(Self.percent(completion.coverage)) of the rubric's weight was judged" : "")
            + "\n  reward = \(Self.number(reward))"
    }

    private var comparison: String? {
        let rewards = group.map(\.completion.reward)
        let scored = rewards.compactMap(\.self)
        guard let reward = completion.reward, scored.count > 1 else { return nil }
        let mean = scored.reduce(0, +) / Double(scored.count)
        let list = scored.sorted(by: >).map(Self.number).joined(separator: ", ")
        return "Beside its group (\(scored.count) scored answers to the same prompt)\n  rewards \(list)\n"
            + "  mean \(Self.number(mean)), this one \(reward >= mean ? "+" : "")\(Self.number(reward - mean)): "
            + (reward > mean ? "made more likely" : reward < mean ? "made less likely" : "left as it is")
    }

    static func number(_ value: Double) -> String {
        let text = String(format: "%.4f", value)
        let short = text.replacing(#/0+$/#, with: "")
        return short.hasSuffix(".") ? short + "0" : short
    }

    private static func percent(_ share: Double) -> String {
        "\(Int((share * 100).rounded()))%"
    }
}

extension Message {
    fileprivate var transcript: String { "\(role.rawValue): \(content)" }
}

extension String {
    fileprivate var trimmed: String {
        var text = self
        while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
        return text
    }
}

extension RubricTask {
    /// Every criterion, those below others included.
    fileprivate var leafCriteria: [Criterion] {
        func all(_ criteria: [Criterion]) -> [Criterion] { criteria.flatMap { [$0] + all($0.children) } }
        return all(criteria)
    }
}
