// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Rubrics
import Runs
import Synthesis

/// `rubrics show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one rubric for people: prompt, reference, criteria, provenance, content hash.",
        discussion: """
            Examples:
              rubrics show rows.jsonl med-0001          by its id
              rubrics show rows.jsonl 12                by its line, where no row has this id
              rubrics show rows.jsonl random --seed 7   any one
              rubrics show rows.jsonl med-0001 --format json   as a native row
            """
    )

    @Argument(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("A row's id, its line, or random.", valueName: "id|line|random"))
    var row: String

    @Option(help: "The seed of random; another one each time by default.")
    var seed: UInt64?

    @Option(help: "How the rubric is printed; json is a native row.")
    var format = OutputFormat.text

    func run() throws {
        let index = try RubricRowIndex(file)
        let (position, task) = try find(in: index)
        switch format {
        case .json: Terminal.write(task.json.serialized(pretty: true) + "\n")
        case .text:
            let line = index.line(of: position).map { "\(file):\($0)" } ?? file
            Terminal.write(RubricText(task, place: line).lines.joined(separator: "\n") + "\n")
        }
    }

    private func find(in index: RubricRowIndex) throws -> (Int, RubricTask) {
        if let found = try index.find(row) { return found }
        if let line = Int(row), let position = index.position(ofLine: line) {
            return (position, try index.task(at: position))
        }
        guard row == "random" else {
            let malformed = index.errorCount > 0 ? ", \(ProgressText.grouped(index.errorCount)) malformed" : ""
            throw CommandFailure(
                "\(file) has no row of the id or on the line \(row) (\(ProgressText.grouped(index.count)) rows"
                    + "\(malformed)): name another, or random"
            )
        }
        guard index.count > 0 else { throw CommandFailure("\(file) has no rows that can be read") }
        var generator = SplitMix64(seed: seed ?? UInt64.random(in: .min ... .max))
        let position = Int.random(in: 0..<index.count, using: &generator)
        return (position, try index.task(at: position))
    }
}
