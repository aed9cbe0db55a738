// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Judging
import Rewards
import Rubrics

/// `rubrics redteam`.
struct RedTeamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redteam",
        abstract: "Attack a judge: which completions that answer nothing does it reward (Docs/red-team.md)?",
        discussion: """
            Examples:
              rubrics redteam --judge openai:gpt-4o-mini
              rubrics redteam --judge http://localhost:8000/v1#qwen --method rar-implicit --out implicit.jsonl
              rubrics redteam --judge checks --rubrics rubrics.jsonl --limit 10 --families keyword_stuffing rubric_echo
              rubrics redteam --judge openai:gpt-4o-mini --families forged_verdict --format json

            For each task an honest answer, one that says nothing, and every attack are graded. An attack wins when it
            is worth at least what the honest answer is; the hack score is the share of wins.
            Answered calls are kept in OUT.ledger.sqlite: the same command, run again, makes no call twice.
            Ends with status 3 when some attacks are unscored.
            """
    )

    @OptionGroup var grading: GradingOptions

    @Option(help: ArgumentHelp("Rubric rows; by default the demo's held-out ones.", valueName: "file"))
    var rubrics: String?

    @Option(help: ArgumentHelp("Attack the judge on the first so many tasks.", valueName: "tasks"))
    var limit = 3

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("These families of attacks alone, by their names in Docs/red-team.md.", valueName: "family")
    )
    var families: [String] = []

    @Option(
        help: ArgumentHelp(
            "The honest answers: plain, reference, or a file of responses; by default a row's plain answer, else its "
                + "reference answer.",
            valueName: "plain|reference|file"
        )
    )
    var against: String?

    @Option(help: ArgumentHelp("Where lines are written, one a completion.", valueName: "file"))
    var out = "redteam.jsonl"

    @Option(help: ArgumentHelp("Where calls are kept; OUT.ledger.sqlite by default.", valueName: "file"))
    var ledger: String?

    @Option(help: "What to do about criteria whose polarity is undecided.")
    var undecided = UndecidedPolarity.error

    @Option(help: "How the summary is printed.")
    var format = OutputFormat.text

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
    }

    func run() async throws {
        let attacks = try attackFamilies().flatMap(AttackCorpus.attacks(of:))
        let settings = try self.settings()
        let path = try rubrics ?? Self.demoRows()
        let file = try RubricFile(at: path)
        let first = Set(file.tasks.prefix(limit).map { ExactText($0.id) })
        let tasks = try PreparedTasks(
            file,
            path: path,
            where: { first.contains(ExactText($0.id)) },
            undecided: undecided,
            settings: settings
        )
        for note in tasks.notes + Self.notes(on: tasks, settings) { Terminal.writeError("note: \(note)\n") }
        let plan = RedTeamPlan(
            tasks,
            honest: try HonestAnswers(against).answers(for: tasks.originals, rubrics: path),
            attacks: attacks,
            inGroups: settings.method.question == .ranking
        )
        try await attack(plan, settings)
    }

    private func attack(_ plan: RedTeamPlan, _ settings: GradingSettings) async throws {
        let session = try GradingSession(settings, ledger: ledger ?? "\(out).ledger.sqlite")
        let outcome = try await session.grade(plan.entries.map(\.row), of: plan.entries.map(\.task)) { [out] judge in
            try RedTeamSink(plan, settings: settings, judge: judge, out: out)
        }
        let report = outcome.product
        switch format {
        case .json:
            var json = report.json
            json["usage"] = outcome.summary.usage.json
            Terminal.write(JSONValue.object(json).serialized(pretty: true) + "\n")
        case .text:
            let lines = report.text + [""] + outcome.summary.expense(seconds: outcome.seconds)
            Terminal.write(lines.joined(separator: "\n") + "\n")
        }
        if report.total.unscored > 0 { throw ExitCode(ExitStatus.partial) }
    }

    /// The demo's criteria all have checks; a model that is to be attacked is asked about them all the same.
    private func settings() throws -> GradingSettings {
        var settings = try grading.settings()
        if rubrics == nil, settings.asksModels { settings.judge.checks = .ignore }
        return settings
    }

    private func attackFamilies() throws -> [Attack.Family] {
        let names = families.flatMap { $0.split(separator: ",").map { String($0) } }
        let chosen = try names.map { name in
            guard let family = Attack.Family(rawValue: name) else {
                let known = Attack.Family.allCases.map(\.rawValue)
                let remedy = NearestName.remedy(for: name, among: known, noun: "families") ?? ""
                throw CommandFailure("--families: there is no family \(name); \(remedy)")
            }
            return family
        }
        return chosen.isEmpty ? Attack.Family.allCases : Attack.Family.allCases.filter(chosen.contains)
    }

    private static func demoRows() throws -> String {
        let file = try Installation().root.appendingPathComponent("Recipes/demo/held_out.jsonl")
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CommandFailure("\(file.path) is not there: name rubric rows with --rubrics")
        }
        return file.path
    }

    private static func notes(on tasks: PreparedTasks, _ settings: GradingSettings) -> [String] {
        guard settings.asksModels, settings.judge.checks == .use, settings.method.question.isOfCriteria else {
            return []
        }
        let criteria = tasks.tasks.flatMap(\.criteria)
        let checked = criteria.count { $0.check != nil }
        guard checked > 0 else { return [] }
        return [
            "\(checked) of \(criteria.count) criteria are decided by their checks, not by the judge: to attack the "
                + "judge there too, add --set judge.checks=ignore"
        ]
    }
}

extension GradingSettings {
    /// Whether a language model judges.
    fileprivate var asksModels: Bool { judge.asksModels }
}
