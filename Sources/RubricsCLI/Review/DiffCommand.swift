// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Rubrics
import Runs
import Synthesis

/// `rubrics diff`.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Tell what is different between two versions of a file of rubrics, word by word.",
        discussion: """
            Examples:
              rubrics diff rows.jsonl rows-reviewed.jsonl
              rubrics diff rows.jsonl rows-reviewed.jsonl --summary
              rubrics diff old.jsonl new.jsonl --format json   an object a line, the summary last

            Rows are matched by id; criteria by id and then by statement. [-removed-] words stand beside {+added+} ones.
            Provenance is not compared. Ends with status 0 when the rows are the same, 1 when they are not, 2 when a
            file cannot be read.
            """
    )

    @Argument(help: ArgumentHelp("The old version.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The new version.", valueName: "new"))
    var new: String

    @Flag(help: "Print the counts alone.")
    var summary = false

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    func run() throws {
        var changes = ChangeCounts()
        let difference = try RubricFileDifference(from: old, to: new) { row in
            changes.add(row)
            guard !summary else { return }
            let text = DifferenceText(row)
            Terminal.write(
                format == .json ? text.json.serialized() + "\n" : text.lines.joined(separator: "\n") + "\n\n"
            )
        }
        var malformed = MalformedRows()
        for error in difference.errors { malformed.add(error) }
        switch format {
        case .json: Terminal.write(changes.json(difference).serialized() + "\n")
        case .text: Terminal.write(changes.text(difference) + "\n")
        }
        guard difference.isSame else { throw ExitCode(1) }
    }
}

/// How many criteria were changed, and in what.
struct ChangeCounts {
    private var counts = NameCounts()
    private static let names = ["added", "removed", "edited", "importance", "weight", "polarity"]

    /// Counts what is different in a row that both files have.
    mutating func add(_ row: RubricFileDifference.Row) {
        guard case .changed(let difference) = row else { return }
        for change in difference.changes {
            switch change {
            case .added: counts.add("added")
            case .removed: counts.add("removed")
            case .edited(let old, let new):
                if !old.description.isExactly(new.description) || !old.title.isExactly(new.title) {
                    counts.add("edited")
                }
                if old.importance != new.importance { counts.add("importance") }
                if old.weight != new.weight { counts.add("weight") }
                if old.polarity != new.polarity { counts.add("polarity") }
            case .text, .other: break
            }
        }
    }

    /// For people.
    func text(_ difference: RubricFileDifference) -> String {
        let rows = [
            ("the same", difference.same), ("changed", difference.changed), ("added", difference.added),
            ("removed", difference.removed), ("malformed", difference.malformed),
        ]
        let parts = Self.names.filter { counts[$0] > 0 }.map { name in
            let word = ["added", "removed", "edited"].contains(name) ? name : "of another \(name)"
            return "\(ProgressText.grouped(counts[name])) \(word)"
        }
        let line = rows.filter { $0.1 > 0 || $0.0 == "the same" }.map { "\(ProgressText.grouped($0.1)) \($0.0)" }
        return "rows: " + line.joined(separator: ", ")
            + (parts.isEmpty ? "" : "\ncriteria of changed rows: " + parts.joined(separator: ", "))
    }

    /// For machines.
    func json(_ difference: RubricFileDifference) -> JSONValue {
        [
            "summary": [
                "rows": [
                    "same": .integer(difference.same), "changed": .integer(difference.changed),
                    "added": .integer(difference.added), "removed": .integer(difference.removed),
                    "malformed": .integer(difference.malformed),
                ],
                "criteria": .object(JSONObject(Self.names.map { (key: $0, value: JSONValue.integer(counts[$0])) })),
            ]
        ]
    }
}
