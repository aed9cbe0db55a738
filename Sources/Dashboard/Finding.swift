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
    ///   - summary: What the run came to; `nil` while it goes on.
    ///   - heldOut: Its held-out evaluations so far.
    ///   - lastStep: The last finished step.
    init(summary: RunSummary?, heldOut: HeldOutHistory, lastStep: Int?) {
        let sample = Self.sample(heldOut)
        if let summary {
            guard let change = summary.heldOut else {
                self.init(headline: "Training ended after \(summary.steps) steps", detail: Self.notMeasured)
                return
            }
            self.init(change: change, byKind: summary.byKind, steps: summary.steps, sample: sample)
            learned = Self.learned(change: change, byKind: summary.byKind, contributions: Self.contributions(heldOut))
        } else {
            self.init(interim: heldOut, sample: sample, lastStep: lastStep)
        }
    }

    private init(headline: String, detail: String, learned: String? = nil) {
        self.headline = headline
        self.detail = detail
        self.learned = learned
    }

    private init(change: RunSummary.Change, byKind: [CriterionKind: RunSummary.Change], steps: Int, sample: String) {
        let (before, after) = (Self.reward(change.before), Self.reward(change.after))
        let difference = change.difference
        let headline =
            if difference.low > 0 {
                "Held-out reward rose from \(before) to \(after)"
            } else if difference.high < 0 {
                "Held-out reward fell from \(before) to \(after)"
            } else {
                "No measurable change: held-out reward \(before) before, \(after) after"
            }
        let detail = """
            \(sample), before training and after step \(steps). The paired difference is \
            \(Self.signed(difference.mean)); its 95% interval runs from \(difference.range)\
            \(difference.holdsZero ? ", so it may be chance" : "").
            """
        self.init(headline: headline, detail: detail)
    }

    private init(interim heldOut: HeldOutHistory, sample: String, lastStep: Int?) {
        let progress = lastStep.map { "It has reached step \($0)." } ?? "It has not finished a step."
        let means = heldOut.steps.compactMap { step in heldOut.rewards[step]?.mean.map { (step, $0) } }
        guard let first = means.first, let last = means.last else {
            self.init(headline: "This run has not ended", detail: "\(progress) Nothing has been evaluated yet.")
            return
        }
        let isOne = first.0 == last.0
        let headline =
            isOne
            ? "Before training, the held-out reward is \(Self.reward(first.1))"
            : "So far: held-out reward \(Self.reward(first.1)) before, \(Self.reward(last.1)) after step \(last.0)"
        let interval = "The interval of the difference comes with the end."
        self.init(headline: headline, detail: "\(sample). \(progress) \(interval)")
    }
}

extension Finding {
    private static let notMeasured = "No prompts were held out, so this run says nothing about prompts it has not seen."

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
        change: RunSummary.Change,
        byKind: [CriterionKind: RunSummary.Change],
        contributions: [CriterionKind: Double]
    ) -> String? {
        guard let content = byKind[.content]?.difference, let form = byKind[.form]?.difference else { return nil }
        let opening = opening(content: content, form: form, contributions: contributions)
        let parts = """
            Criteria about what an answer says \(phrase(content)); criteria about how it is written \(phrase(form)).
            """
        return "\(opening) \(parts)" + share(of: change.difference.mean, contributions)
    }

    private static func opening(
        content: RunSummary.Interval,
        form: RunSummary.Interval,
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

    private static func phrase(_ interval: RunSummary.Interval) -> String {
        let range = "\(signed(interval.mean)) (\(interval.range))"
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
