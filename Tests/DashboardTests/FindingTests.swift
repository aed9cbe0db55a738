// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Testing

@testable import Dashboard

struct FindingTests {
    private func change(_ mean: Double, _ low: Double, _ high: Double) -> RunSummary.Change {
        RunSummary.Change(before: 0.4, after: 0.4 + mean, difference: .init(mean: mean, low: low, high: high))
    }

    private func finding(_ whole: RunSummary.Change?, _ byKind: [CriterionKind: RunSummary.Change] = [:]) -> Finding {
        let comparison = whole.map { RunHistory.Comparison(change: $0, byKind: byKind, step: 40) }
        return Finding(comparison: comparison, heldOut: HeldOutHistory(), lastStep: 40, isFinished: true)
    }

    @Test(
        "The headline says a change only where its interval leaves 0 out",
        arguments: [
            (0.2, 0.1, 0.3, "Held-out reward rose from 0.40 to 0.60"),
            (-0.2, -0.3, -0.1, "Held-out reward fell from 0.40 to 0.20"),
            (0.02, -0.01, 0.05, "No measurable change: held-out reward 0.40 before, 0.42 after"),
            (0.02, 0, 0.05, "No measurable change: held-out reward 0.40 before, 0.42 after"),
        ]
    )
    func headlines(mean: Double, low: Double, high: Double, headline: String) {
        let finding = finding(change(mean, low, high))
        #expect(finding.headline == headline)
        #expect(finding.detail.contains("so it may be chance") == (low <= 0 && high >= 0))
    }

    private static let gain = (0.2, 0.1, 0.3)
    private static let loss = (-0.2, -0.3, -0.1)
    private static let none = (0.02, -0.01, 0.05)

    static let kinds: [(content: (Double, Double, Double), form: (Double, Double, Double), opening: String)] = [
        (none, gain, "What it learned is mostly form: how to write an answer. No gain in what it says is shown."),
        (loss, gain, "It learned form and lost content."),
        (gain, gain, "It learned both content and form."),
        (gain, none, "What it learned is content: what to say."),
        (gain, loss, "It learned content and lost form."),
        (none, none, "It learned neither content nor form that could be told from chance."),
    ]

    @Test("What was learned is said of each kind by its own interval", arguments: kinds)
    func learned(content: (Double, Double, Double), form: (Double, Double, Double), opening: String) {
        let kinds: [CriterionKind: RunSummary.Change] = [
            .content: change(content.0, content.1, content.2), .form: change(form.0, form.1, form.2),
        ]
        let text = finding(change(0.1, 0.05, 0.15), kinds).learned
        #expect(text?.hasPrefix(opening) == true, "\(text ?? "")")
        #expect(text?.contains("may be chance") == (content.1 <= 0 && content.2 >= 0 || form.1 <= 0 && form.2 >= 0))
    }

    @Test("Without kinds nothing is said of them; without held-out prompts nothing of held-out reward")
    func unknown() {
        #expect(finding(change(0.1, 0.05, 0.15)).learned == nil)
        let finding = finding(nil)
        #expect(finding.headline == "Training ended after 40 steps")
        #expect(finding.detail.contains("No prompts were held out"))
    }

    @Test("A run that goes on says how far it is")
    func interim() {
        let finding = Finding(comparison: nil, heldOut: HeldOutHistory(), lastStep: nil, isFinished: false)
        #expect(finding.headline == "This run has not ended")
        #expect(finding.detail == "The run has not finished a step. Nothing has been evaluated yet.")
        let comparison = RunHistory.Comparison(change: change(0.2, 0.1, 0.3), byKind: [:], step: 10)
        let interim = Finding(comparison: comparison, heldOut: HeldOutHistory(), lastStep: 12, isFinished: false)
        #expect(interim.headline == "So far: held-out reward rose from 0.40 to 0.60")
        #expect(interim.detail.contains("after step 10"))
    }
}
