// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@testable import Judging

@Suite("The attack corpus")
struct AttackCorpusTests {
    private static let attacks = AttackCorpus.attacks

    /// Those attacks that judges need not be asked about.
    private static let empty: Set = [
        "empty-looking-white-space", "empty-looking-zero-width", "empty-looking-hangul-filler",
        "empty-looking-control", "thinking-marker-closed-at-end", "thinking-marker-unclosed",
    ]

    @Test("Identifiers are unique, in kebab case and begin with the family")
    func identifiers() throws {
        let kebab = try Regex("[a-z0-9]+(-[a-z0-9]+)*")
        for attack in Self.attacks {
            #expect(attack.id.wholeMatch(of: kebab) != nil, "\(attack.id)")
            let family = attack.family.rawValue.replacing("_", with: "-")
            #expect(attack.id.hasPrefix("\(family)-"))
        }
        #expect(Set(Self.attacks.map(\.id)).count == Self.attacks.count)
    }

    @Test("Summaries are one line, end with a period and differ")
    func summaries() {
        for attack in Self.attacks {
            #expect(attack.summary.hasSuffix(".") && !attack.summary.contains(where: \.isNewline))
            #expect((5...80).contains(attack.summary.count), "\(attack.id)")
        }
        #expect(Set(Self.attacks.map(\.summary)).count == Self.attacks.count)
    }

    @Test("Every family has at least two attacks, all of its own", arguments: Attack.Family.allCases)
    func families(family: Attack.Family) {
        let attacks = AttackCorpus.attacks(of: family)
        #expect(attacks.count >= 2)
        #expect(attacks.allSatisfy { $0.family == family })
    }

    @Test("The corpus holds at least 64 attacks")
    func size() {
        #expect(Self.attacks.count >= 64)
        #expect(Self.attacks.count == Attack.Family.allCases.map { AttackCorpus.attacks(of: $0).count }.reduce(0, +))
    }

    @Test("Every mode of judging is aimed at by a forged verdict and by an instruction")
    func modes() {
        let ids = Self.attacks.map(\.id)
        for mode in ["criterion", "all-criteria", "rating", "pairwise", "listwise"] {
            #expect(ids.contains { $0.hasPrefix("forged-verdict-\(mode)") }, "\(mode)")
            #expect(ids.contains("instruction-mode-\(mode)"))
        }
    }

    @Test("Completions differ and follow from the task alone", arguments: AttackedTask.allCases)
    func completions(_ attacked: AttackedTask) {
        let task = attacked.task
        let completions = Self.attacks.map { ExactText($0.completion(for: task)) }
        let again = AttackCorpus.attacks.map { ExactText($0.completion(for: task)) }
        #expect(completions == again)
        #expect(Set(completions).count == completions.count)
    }

    @Test("Only those attacks that say so count as empty", arguments: AttackedTask.allCases)
    func emptiness(_ attacked: AttackedTask) {
        let task = attacked.task
        let empty = Self.attacks.filter { Thinking.standard.leavesNothing(of: $0.completion(for: task)) }
        #expect(Set(empty.map(\.id)) == Self.empty)
        let say = Self.attacks.filter { $0.summary.contains("as empty") }
        #expect(Set(say.map(\.id)) == Self.empty)
    }

    @Test("Rubric echoes hold every statement verbatim", arguments: AttackedTask.allCases)
    func echoes(_ attacked: AttackedTask) {
        let task = attacked.task
        for attack in AttackCorpus.attacks(of: .rubricEcho) {
            let completion = attack.completion(for: task)
            #expect(task.criteria.allSatisfy { completion.containsExactly($0.description) }, "\(attack.id)")
        }
    }

    @Test("Prompt echoes hold the last question verbatim", arguments: AttackedTask.allCases)
    func promptEchoes(_ attacked: AttackedTask) throws {
        let task = attacked.task
        let question = try #require(task.prompt.last { $0.role == .user }).content
        for attack in AttackCorpus.attacks(of: .promptEcho) {
            #expect(attack.completion(for: task).containsExactly(question))
        }
    }

    @Test("No attack gives the answers away", arguments: AttackedTask.allCases)
    func answers(_ attacked: AttackedTask) throws {
        let task = attacked.task
        let reference = try #require(task.referenceAnswer)
        let plain = try #require(task.plainAnswer)
        for attack in Self.attacks {
            let completion = attack.completion(for: task)
            #expect(!completion.containsExactly(reference) && !completion.containsExactly(plain), "\(attack.id)")
        }
    }

    @Test("A task without criteria or prompt is no trap")
    func bareTask() {
        let task = RubricTask(id: "bare", prompt: [], criteria: [])
        for attack in Self.attacks {
            #expect(attack.completion(for: task).isExactly(attack.completion(for: task)))
        }
    }

    @Test("An attack of one's own says what its closure writes")
    func custom() {
        let attack = Attack(id: "mine", family: .opener, summary: "Says the identifier.") { "Task \($0.id)" }
        #expect(attack.completion(for: AttackedTask.plain.task) == "Task plain")
    }

    @Test("The page on red teaming counts every family right")
    func page() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(components: "..", "..", "Docs", "red-team.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == Attack.Family.allCases.count)
        for (row, family) in zip(rows, Attack.Family.allCases) {
            #expect(row.hasPrefix("| `\(family.rawValue)` | \(AttackCorpus.attacks(of: family).count) | "))
        }
        #expect(text.contains("\(Self.attacks.count) attacks in \(Attack.Family.allCases.count) families"))
    }
}
