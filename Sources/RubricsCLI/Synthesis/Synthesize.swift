// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Rubrics
import Synthesis

/// `rubrics synthesize`.
struct Synthesize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a rubric for each prompt.",
        discussion: """
            Examples:
              rubrics synthesize prompts.jsonl --model openai:gpt-4o --domain medicine --out rubrics.jsonl
              rubrics synthesize prompts.jsonl --model openai:gpt-4o-mini --reference-model openai:gpt-4o --budget 20
              rubrics synthesize prompts.jsonl --model http://localhost:8000/v1#qwen --domain my-field.yaml --dry-run

            A prompt is a line {"id", "prompt": text or messages, "reference_answer"?, "domain"?, "source"?}.
            Answered calls are kept in OUT.ledger.sqlite: an interrupted command, run again, goes on where it stopped, and
            writes the same files. Keys come from OPENAI_API_KEY, ANTHROPIC_API_KEY, and RUBRICS_JUDGE_API_KEY for addresses
            of your own. Docs/synthesis.md tells what is asked and what becomes of items that break a rule.
            Ends with status 3 when some prompts have no rubric.
            """
    )

    @Argument(help: ArgumentHelp("The prompts, JSON lines.", valueName: "prompts.jsonl"))
    var prompts: String

    @OptionGroup var options: SynthesisOptions

    @Option(help: ArgumentHelp("Where rubric rows are written.", valueName: "file"))
    var out = "rubrics.jsonl"

    @Option(help: ArgumentHelp("Where calls are kept; OUT.ledger.sqlite by default.", valueName: "file"))
    var ledger: String?

    @Option(
        name: .customLong("set-aside"),
        help: ArgumentHelp("Where what has no rubric is kept; OUT.aside.jsonl by default.", valueName: "file")
    )
    var aside: String?

    @Option(help: ArgumentHelp("Write rubrics for the first so many prompts alone.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Ask nobody: say how many calls there will be, and what they will cost.")
    var dryRun = false

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit is at least 1") }
        try options.validate()
    }

    func run() async throws {
        let plan = try options.plan()
        let files = SynthesisFiles(
            prompts: prompts,
            out: out,
            aside: aside ?? "\(out).aside.jsonl",
            ledger: ledger ?? "\(out).ledger.sqlite"
        )
        try files.validate()
        if dryRun {
            Terminal.write(try SynthesisForecast(files.prompts, limit: limit, plan: plan).text)
            return
        }
        let session = try SynthesisSession(plan, files: files, limit: limit)
        let outcome = try await session.run()
        Terminal.write(outcome.summary.text(seconds: outcome.seconds, aside: files.aside))
        if let halt = outcome.halt { Terminal.writeError(halt) }
        if outcome.halt != nil || outcome.summary.withoutRubric > 0 { throw ExitCode(ExitStatus.partial) }
    }
}

/// The files of a synthesis.
struct SynthesisFiles: Sendable {
    let prompts: String
    let out: String
    let aside: String
    let ledger: String

    /// Makes sure that no file is written over another one.
    ///
    /// - Throws: ``CommandFailure`` naming the two.
    func validate() throws {
        guard FileManager.default.isReadableFile(atPath: prompts) else {
            throw CommandFailure("\(prompts) cannot be read: name a file of prompts")
        }
        let named = [("the prompts", prompts), ("--out", out), ("--set-aside", aside), ("--ledger", ledger)]
        for (place, (name, path)) in named.enumerated() where path != "/dev/null" {
            let other = named[..<place].first { Self.place(of: $0.1).isExactly(Self.place(of: path)) }
            if let other { throw CommandFailure("\(name) and \(other.0) are the same file, \(path): name another one") }
        }
    }

    private static func place(of path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
