// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Rubrics
import Runs
import Synthesis

/// `rubrics refine`.
struct RefineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refine",
        abstract: "Take out what an audit found wrong with rubrics, and keep the history (Docs/audit.md).",
        discussion: """
            Examples:
              rubrics audit rubrics.jsonl --judge openai:gpt-4o-mini --out audit.json
              rubrics refine rubrics.jsonl --from audit.json --out refined.jsonl
              rubrics refine rubrics.jsonl --from audit.json --minimum-trust 0.4

            Criteria that no good answer earns, that every response earns or that bad answers earn more often are taken
            out, and of two that always agree and say the same the lesser. A row says in its provenance what was done
            and why. Rows that cannot be used go to the file of --set-aside with the reason.
            Ends with status 3 when rows were set aside, could not be read, or were audited in another version.
            """
    )

    @Argument(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "rubrics"))
    var rubrics: String

    @Option(help: ArgumentHelp("What `rubrics audit` wrote.", valueName: "audit.json"))
    var from: String

    @Option(help: ArgumentHelp("Where rows are written.", valueName: "file"))
    var out = "refined.jsonl"

    @Option(
        help: ArgumentHelp("Where rows that cannot be used are written; OUT.aside.jsonl by default.", valueName: "file")
    )
    var setAside: String?

    @Option(help: ArgumentHelp("The trust below which a rubric is set aside.", valueName: "share"))
    var minimumTrust = 0.0

    @Option(help: ArgumentHelp("How few criteria a rubric may have left.", valueName: "n"))
    var minimumCriteria = 3

    func validate() throws {
        guard (0...1).contains(minimumTrust) else { throw ValidationError("--minimum-trust is a share from 0 to 1") }
        guard minimumCriteria >= 1 else { throw ValidationError("--minimum-criteria is at least 1") }
    }

    func run() throws {
        let verdicts = try verdicts()
        let refinement = Refinement(minimumTrust: minimumTrust, minimumCriteria: minimumCriteria)
        var job = try RefineJob(refinement, verdicts: verdicts, out: out, aside: setAside ?? "\(out).aside.jsonl")
        try RubricRowFile(rubrics).read { try job.take($0) }
        let summary = try job.finish()
        Terminal.write(summary.text + "\(out)\n")
        if summary.isPartial { throw ExitCode(ExitStatus.partial) }
    }

    private func verdicts() throws -> [ExactText: AuditVerdict] {
        guard let data = FileManager.default.contents(atPath: from) else {
            throw CommandFailure("--from \(from) cannot be read: name what `rubrics audit` wrote")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("\(from) is not UTF-8: name what `rubrics audit` wrote")
        }
        let verdicts = try AuditVerdict.all(in: Document.json(text, file: from))
        return Dictionary(verdicts.map { (ExactText($0.task), $0) }) { first, _ in first }
    }
}
