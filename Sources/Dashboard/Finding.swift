// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// What a run showed, in words that claim no more than its intervals allow.
struct Finding: Sendable, Hashable {
    /// One sentence.
    var headline: String
    /// On what it was measured, and how sure it is.
    var detail: String
    /// What the policy learned and what it did not; `nil` while nobody can say.
    var learned: String?

    /// Words a run's result.
    ///
    /// - Parameters:
    ///   - comparison: The held-out reward before and after; `nil` where it was not measured twice.
    ///   - heldOut: The held-out evaluations.
    ///   - lastStep: The last finished step.
    ///   - isFinished: Whether the run has ended.
    init(comparison: RunHistory.Comparison?, heldOut: HeldOutHistory, lastStep: Int?, isFinished: Bool) {
        if let comparison {
            let change = comparison.change
            headline = (isFinished ? "" : "So far: ") + Self.headline(change, isFirstWord: isFinished)
            detail = Self.detail(comparison, sample: Self.sample(heldOut))
            learned = Self.learned(change, comparison.byKind, Self.contributions(heldOut))
        } else if isFinished {
            headline = "Training ended after \(lastStep ?? 0) steps"
            detail = "No prompts were held out, so this run says nothing about prompts it has not seen."
        } else if let step = heldOut.steps.first, let mean = heldOut.rewards[step]?.mean {
            headline = "Before training, the held-out reward is \(Self.reward(mean))"
            detail = "\(Self.sample(heldOut)). \(Self.progress(lastStep))"
        } else {
            headline = "This run has not ended"
            detail = "\(Self.progress(lastStep)) Nothing has been evaluated yet."
        }
    }
}

extension Finding {
    private static func headline(_ change: RunSummary.Change, isFirstWord: Bool) -> String {
        let (before, after) = (reward(change.before), reward(change.after))
        let subject = isFirstWord ? "Held-out reward" : "held-out reward"
        if change.difference.low > 0 { return "\(subject) rose from \(before) to \(after)" }
        if change.difference.high < 0 { return "\(subject) fell from \(before) to \(after)" }
        let none = isFirstWord ? "No measurable change" : "no measurable change"
        return "\(none): held-out reward \(before) before, \(after) after"
    }

    private static func detail(_ comparison: RunHistory.Comparison, sample: String) -> String {
        let difference = comparison.change.difference
        return """
            \(sample), before training and after step \(comparison.step). The paired difference is \
            \(NumberFormat.decimals(3).signed(difference.mean)); its 95% interval runs from \(difference.range(decimals: 3))\
            \(difference.holdsZero ? ", so it may be chance" : "").
            """
    }

    private static func progress(_ lastStep: Int?) -> String {
        lastStep.map { "The run has reached step \($0)." } ?? "The run has not finished a step."
    }
}

extension Finding {
    private static func reward(_ value: Double) -> String { NumberFormat.decimals(2).text(value) }
    private static func signed(_ value: Double) -> String { NumberFormat.decimals(2).signed(value) }

    private static func sample(_ heldOut: HeldOutHistory) -> String {
        let prompts = Set(heldOut.first.map { ExactText($0.completion.task) }).count
        guard prompts > 0 else { return "Measured on prompts that were not trained on" }
        let samples = Double(heldOut.first.count) / Double(prompts)
        let each = samples == 1 ? "one sample each" : "\(NumberFormat.decimals(0).text(samples)) samples each"
        return "Measured on \(prompts) prompt\(prompts == 1 ? "" : "s") that the policy was not trained on, \(each)"
    }

    /// What each kind's criteria added to the reward's change.
    private static func contributions(_ heldOut: HeldOutHistory) -> [CriterionKind: Double] {
        guard let first = heldOut.steps.first, let last = heldOut.steps.last, first != last else { return [:] }
        return heldOut.contributions.compactMapValues { means in
            guard let before = means[first]?.mean, let after = means[last]?.mean else { return nil }
            return after - before
        }
    }

    private static func learned(
        _ change: RunSummary.Change,
        _ byKind: [CriterionKind: RunSummary.Change],
        _ contributions: [CriterionKind: Double]
    ) -> String? {
        guard let content = byKind[.content]?.difference, let form = byKind[.form]?.difference else { return nil }
        let opening = opening(content: content, form: form, contributions: contributions)
        let parts = """
            Criteria about what an answer says \(phrase(content)); criteria about how it is written \(phrase(form)).
            """
        return "\(opening) \(parts)" + share(of: change.difference.mean, contributions)
    }

    private static func opening(
        content: Estimate,
        form: Estimate,
        contributions: [CriterionKind: Double]
    ) -> String {
        switch (content.low > 0, form.low > 0) {
        case (false, true) where content.high < 0: "It learned form and lost content."
        case (false, true): "What it learned is mostly form: how to write an answer. No gain in what it says is shown."
        case (true, false) where form.high < 0: "It learned content and lost form."
        case (true, false): "What it learned is content: what to say."
        case (false, false): "It learned neither content nor form that could be told from chance."
        case (true, true): "It learned both content and form\(balance(contributions))."
        }
    }

    private static func balance(_ contributions: [CriterionKind: Double]) -> String {
        guard let content = contributions[.content], let form = contributions[.form] else { return "" }
        guard content + form > 0 else { return "" }
        let share = content / (content + form)
        return share < 1 / 3 ? ", form more" : share > 2 / 3 ? ", content more" : ""
    }

    private static func phrase(_ interval: Estimate) -> String {
        let range = "\(signed(interval.mean)) (\(interval.range(decimals: 2)))"
        if interval.holdsZero { return "moved by \(range), which may be chance" }
        return interval.mean > 0 ? "gained \(range)" : "lost \(range)"
    }

    /// Says where the change comes from, where the parts add up to it.
    private static func share(of change: Double, _ contributions: [CriterionKind: Double]) -> String {
        guard let content = contributions[.content], let form = contributions[.form],
            abs(content + form - change) < 0.015
        else { return "" }
        return " Of the change of \(signed(change)), \(signed(content)) comes from content, \(signed(form)) from form."
    }
}
