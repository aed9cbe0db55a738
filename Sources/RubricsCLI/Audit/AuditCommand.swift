// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dashboard
import Foundation
import Judging
import Rewards
import Rubrics
import Runs
import Synthesis

/// `rubrics audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Try rubrics: do they put good answers above bad ones, and cannot be gamed (Docs/audit.md)?",
        discussion: """
            Examples:
              rubrics audit rubrics.jsonl --judge openai:gpt-4o-mini
              rubrics audit rubrics.jsonl --judge checks --policy models/SmolLM2-135M-Instruct.gguf --samples 4
              rubrics audit rubrics.jsonl --judge http://localhost:8000/v1#qwen --variants variants.jsonl --limit 50
              rubrics refine rubrics.jsonl --from audit.json

            Each rubric grades its reference answer, worse versions of it, the answer to another question, answers that
            say nothing, and the policy's own. Answered calls are kept in OUT.ledger.sqlite: run again, none is made twice.
            Ends with status 3 when some responses are unscored, or the mean trust is below --minimum-trust.
            """
    )

    @Argument(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "rubrics"))
    var rubrics: String

    @OptionGroup var grading: GradingOptions

    @Option(help: ArgumentHelp("Whose answers show what a group is worth: a folder, a file, or a judge's address."))
    var policy: String?

    @Option(help: ArgumentHelp("How many answers of the policy each rubric grades.", valueName: "n"))
    var samples = 4

    @Option(help: ArgumentHelp("The longest answer of the policy, in tokens.", valueName: "tokens"))
    var maxTokens = 256

    @Option(
        help: ArgumentHelp(
            "Responses of known worth: lines {\"task\", \"variant\": good | subtly_wrong | incomplete | verbose_empty, "
                + "\"response\"}.",
            valueName: "file"
        )
    )
    var variants: String?

    @Option(help: ArgumentHelp("How often the same is asked to see whether verdicts stay; 1 for once.", valueName: "n"))
    var regrades = 2

    @Option(help: ArgumentHelp("Try the first so many rubrics alone.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("What worse versions of answers are drawn from.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Where the findings are written.", valueName: "file"))
    var out = "audit.json"

    @Option(help: ArgumentHelp("Where the page is written; beside OUT by default.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Where calls are kept; OUT.ledger.sqlite by default.", valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("The mean trust below which the command ends with status 3.", valueName: "share"))
    var minimumTrust: Double?

    @Option(help: "What to do about criteria whose polarity is undecided.")
    var undecided = UndecidedPolarity.error

    @Option(help: "How the summary is printed.")
    var format = OutputFormat.text

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit is at least 1") }
        guard samples >= 1, regrades >= 1, maxTokens >= 1 else {
            throw ValidationError("--samples, --regrades and --max-tokens are at least 1")
        }
        guard minimumTrust.map((0...1).contains) ?? true else {
            throw ValidationError("--minimum-trust is a share from 0 to 1")
        }
    }

    func run() async throws {
        let settings = try grading.settings()
        guard settings.method.question != .ranking else {
            throw CommandFailure("an audit grades responses by themselves: choose a method other than listwise")
        }
        let prepared = try tasks(settings)
        for note in prepared.notes { Terminal.writeError("note: \(note)\n") }
        let known = try variants.map(Self.variants) ?? []
        let session = try GradingSession(settings, ledger: ledger ?? "\(out).ledger.sqlite")
        let answers = try await policy.map { policy in
            PolicySamples(address: policy, count: samples, maxTokens: maxTokens)
        }?.answers(to: prepared.originals, settings: settings.judge, in: session.ledger)
        let plan = AuditPlan(
            prepared,
            variants: known,
            samples: answers ?? [:],
            turning: settings.judge.asksModels,
            seed: seed
        )
        let again = try await repeated(plan, settings, session)
        try await audit(plan, settings, session, again: again)
    }

    private func tasks(_ settings: GradingSettings) throws -> PreparedTasks {
        let file = try RubricFile(at: rubrics)
        let first = Set(file.tasks.prefix(limit ?? .max).map { ExactText($0.id) })
        return try PreparedTasks(
            file,
            path: rubrics,
            where: { first.contains(ExactText($0.id)) },
            undecided: undecided,
            settings: settings
        )
    }

    private static func variants(at path: String) throws -> [ProbeVariant] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("--variants \(path) cannot be read: name a file of responses")
        }
        var variants: [ProbeVariant] = []
        try Document.forEachJSONLine(of: Array(data), file: path) { variants.append(try ProbeVariant($0.root)) }
        return variants
    }

    /// How verdicts stay when the same is asked again; nothing where no model is asked.
    private func repeated(
        _ plan: AuditPlan,
        _ settings: GradingSettings,
        _ session: GradingSession
    ) async throws -> [ExactText: VerdictAgreement] {
        guard regrades > 1, settings.judge.asksModels, settings.method.question.isOfCriteria else { return [:] }
        var voting = settings
        voting.judge.votes = regrades
        let entries = plan.repeated
        guard !entries.isEmpty else { return [:] }
        return try await GradingSession(voting, sharing: session.ledger)
            .grade(entries.map(\.row), of: entries.map(\.task)) { _ in RegradeSink() }.product
    }

    private func audit(
        _ plan: AuditPlan,
        _ settings: GradingSettings,
        _ session: GradingSession,
        again: [ExactText: VerdictAgreement]
    ) async throws {
        let entries = plan.rubrics.flatMap(\.entries)
        let method = settings.method.name.rawValue
        let outcome = try await session.grade(entries.map(\.row), of: entries.map(\.task)) { [out] judge in
            AuditSink(plan, again: again, file: try AuditFile(out, judge: judge, method: method))
        }
        let (set, worst) = (outcome.product.set, outcome.product.worst)
        let page = html ?? URL(fileURLWithPath: out).deletingPathExtension().appendingPathExtension("html").path
        let heading = AuditPage.Heading(
            file: rubrics,
            judge: grading.judge.isEmpty ? "checks" : grading.judge.joined(separator: " + "),
            method: method
        )
        try DurableFile.replace(URL(fileURLWithPath: page), with: AuditPage(heading, set: set, worst: worst).html())
        switch format {
        case .json: Terminal.write(set.json.serialized(pretty: true) + "\n")
        case .text:
            let lines = AuditOutput(set: set, worst: worst).lines + outcome.summary.expense(seconds: outcome.seconds)
            Terminal.write((lines + ["", "\(out)", "\(page)"]).joined(separator: "\n") + "\n")
        }
        if outcome.summary.unscoredCount > 0 || (set.trust ?? 0) < minimumTrust ?? 0 {
            throw ExitCode(ExitStatus.partial)
        }
    }
}
