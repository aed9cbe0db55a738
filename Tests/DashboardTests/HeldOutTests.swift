// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Testing

@testable import Dashboard

struct HeldOutTests {
    /// A held-out sample of a rubric with one content criterion, by its title, and one of form.
    private func record(
        step: Int,
        task: String,
        sample: Int = 0,
        title: String = "Names fluids",
        content: Bool,
        form: Bool
    ) -> HeldOutRecord {
        let criteria = [
            Criterion(id: "c1", title: title, description: "d", weight: 3, kind: .content),
            Criterion(id: "c2", title: "Is short", description: "d", weight: 1, kind: .form),
        ]
        let credits = [
            Credit(criterion: "c1", weight: 3, credited: content), Credit(criterion: "c2", weight: 1, credited: form),
        ]
        let value = ((content ? 3 : 0) + (form ? 1 : 0)) / 4.0
        let verdicts = [("c1", content), ("c2", form)].map { id, isMet in
            Verdict(criterion: id, outcome: isMet ? .met : .unmet, reason: "", judge: "checks")
        }
        let completion = GradedCompletion(
            step: step,
            task: RubricTask(id: task, prompt: [], criteria: criteria),
            sample: sample,
            text: "text \(sample)",
            stopReason: "end_of_sequence",
            outcome: .scored(Reward(value: value, coverage: 1, credits: credits)),
            verdicts: verdicts,
            credits: credits
        )
        return HeldOutRecord(completion: completion, prompt: "prompt of \(task)")
    }

    private func history(_ records: [HeldOutRecord]) -> HeldOutHistory {
        records.reduce(into: HeldOutHistory()) { $0.add($1) }
    }

    @Test("Criteria of one title are one row over their prompts; means are over prompts first")
    func tallies() throws {
        let history = history([
            record(step: 0, task: "a", content: false, form: false),
            record(step: 0, task: "a", sample: 1, content: true, form: false),
            record(step: 0, task: "b", content: true, form: false),
            record(step: 5, task: "a", content: true, form: true),
            record(step: 5, task: "b", content: true, form: true),
        ])
        #expect(history.steps == [0, 5])
        let key = HeldOutHistory.CriterionKey(kind: .content, title: ExactText("Names fluids"))
        #expect(history.criteria[key]?.tasks.count == 2)
        #expect(history.criteria[key]?.tallies[0] == .init(credited: 2, judged: 3))
        #expect(history.rewards[0]?.mean == (0.375 + 0.75) / 2)
        #expect(history.kindRewards[.form]?[5]?.mean == 1)
        #expect(history.contributions[.content]?[0]?.mean == (0.375 + 0.75) / 2)
        #expect(history.first.count == 3)
        #expect(history.last.count == 2)
    }

    @Test("Comparisons show both ends and the middle, and of each prompt its typical sample")
    func choosesComparisons() {
        var records: [HeldOutRecord] = []
        // Task t0 gains on all four samples, t1 on three, …; t9 loses on one.
        for (step, share) in [(0, 0.25), (9, 1.0)] {
            for task in 0..<10 {
                for sample in 0..<4 {
                    let isMet = step == 0 ? task == 9 && sample == 0 : Double(sample) < share * Double(max(0, 4 - task))
                    records.append(record(step: step, task: "t\(task)", sample: sample, content: isMet, form: false))
                }
            }
        }
        let chosen = PromptComparison.chosen(from: history(records))
        #expect(
            chosen.map(\.place) == [
                "Largest gain", "Second largest gain", "Near the median", "Near the median", "Second smallest gain",
                "Largest loss",
            ]
        )
        #expect(chosen.map(\.after.task) == ["t0", "t1", "t4", "t5", "t8", "t9"])
        #expect(chosen.map(\.change) == [0.75, 0.5625, 0, 0, 0, -0.1875])
        #expect(chosen.allSatisfy { $0.before.sample == $0.after.sample && $0.before.step == 0 && $0.after.step == 9 })
    }

    @Test("Where a judge rates, its ratings and reasons stand side by side")
    func ratings() throws {
        let records = [(0, 3.0, "It guesses."), (8, 7.5, "It explains <why>.")].map { step, value, reason in
            let rating = RatingRecord(value: value, reason: reason, failure: nil, judge: "m")
            let graded = GradedCompletion(
                step: step,
                task: RubricTask(id: "sky", prompt: [], criteria: []),
                sample: 0,
                text: "text",
                stopReason: "end_of_sequence",
                outcome: .scored(Reward(value: value / 10, coverage: 1, credits: [])),
                verdicts: [],
                credits: [],
                rating: rating
            )
            return HeldOutRecord(completion: graded, prompt: "Why?")
        }
        let view = ComparisonView(try #require(PromptComparison.chosen(from: history(records)).first), isOpen: true)
        let row = try #require(view.criteria.first)
        #expect(view.criteria.count == 1 && !view.summary.html.contains("of 0") && row.changed.html == " changed")
        #expect(row.before.html.contains(">3<") && row.before.html.contains("It guesses."))
        #expect(row.after.html.contains(">7.5<") && row.after.html.contains("It explains &lt;why&gt;."))
    }

    @Test("With one evaluation there is nothing to compare; with few prompts each is shown once", arguments: 0...7)
    func fewPrompts(count: Int) {
        let before = (0..<count).map { record(step: 0, task: "t\($0)", content: false, form: false) }
        let after = (0..<count).map { record(step: 1, task: "t\($0)", content: true, form: $0 % 2 == 0) }
        #expect(PromptComparison.chosen(from: history(before)).isEmpty)
        let chosen = PromptComparison.chosen(from: history(before + after))
        #expect(chosen.count == min(6, count))
        #expect(Set(chosen.map(\.after.task)).count == chosen.count)
    }

    @Test("The heat map shows the most shared and the most changed criteria and says what it leaves out")
    func capsRows() throws {
        var records: [HeldOutRecord] = []
        for step in [0, 5] {
            for task in 0..<40 {
                let isMet = step == 5 && task < 20
                records.append(
                    record(step: step, task: "t\(task)", title: "Fact \(task)", content: isMet, form: step == 5)
                )
            }
        }
        let map = try #require(CriterionGrid(history(records)).map)
        #expect(map.rows.count == 2 + CriterionGrid.rowLimit + 2)
        #expect(map.rows.filter(\.cells.isEmpty).map(\.label) == ["Content: what is said", "Form: how it is said"])
        #expect(map.rows[1].label == "All 40 content criteria")
        #expect(map.rows[1].cells == [0, 0.5])
        #expect(map.rows.last?.completions == 40)
        #expect(!map.rows.contains { $0.isAvoided })
        #expect(map.note.contains("Of 40 content criteria, the 16 shown"))
        #expect(!map.note.contains("evaluations are shown"))
    }

    @Test(
        "Many evaluations are thinned to evenly spaced ones with the first and the last",
        arguments: [1, 16, 17, 200]
    )
    func thinsColumns(count: Int) {
        let steps = CriterionGrid.thinned((0..<count).map { $0 * 5 })
        #expect(steps.count == min(count, CriterionGrid.columnLimit))
        #expect(steps.first == 0 && steps.last == (count - 1) * 5)
        #expect(Set(steps).count == steps.count)
    }
}
