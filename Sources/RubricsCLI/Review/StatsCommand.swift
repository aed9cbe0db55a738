// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dashboard
import Foundation
import Rubrics
import Runs
import Synthesis

/// `rubrics stats`.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract:
            "Tell what files of rubrics hold: criteria, importances, polarities, weights, words, checks, origins.",
        discussion: """
            Examples:
              rubrics stats rows.jsonl
              rubrics stats train.jsonl val.jsonl --html stats.html
              rubrics stats rows.jsonl --format json

            The files are gone through once, and counted together. Ends with status 3 when rows are malformed.
            """
    )

    @Argument(help: ArgumentHelp("Rubric rows (Docs/rubric-rows.md).", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("Where to write a page with plots.", valueName: "file"))
    var html: String?

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    func run() throws {
        var statistics = RubricStatistics()
        var shown = MalformedRows()
        for file in files {
            try RubricRowFile(file).read { row in
                switch row.task {
                case .success(let task): statistics.add(task)
                case .failure(let error):
                    statistics.addMalformed()
                    shown.add(error)
                }
            }
        }
        shown.report()
        let text = StatisticsText(statistics)
        Terminal.write(
            format == .json ? text.json.serialized(pretty: true) + "\n" : text.lines.joined(separator: "\n") + "\n"
        )
        if let html {
            let name = files.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", ")
            try DurableFile.replace(
                URL(fileURLWithPath: html),
                with: StatisticsReport(statistics, name: name).html()
            )
            Terminal.writeError("\(html)\n")
        }
        if shown.count > 0 { throw ExitCode(ExitStatus.partial) }
    }
}

/// Rows that cannot be read: the first of them are shown, all are counted.
struct MalformedRows {
    private(set) var count = 0
    private static let limit = 20

    /// Shows a row's error.
    mutating func add(_ error: DocumentError) {
        count += 1
        if count <= Self.limit { Terminal.writeError("\(ShownText(error.description).following(indentation: 2))\n") }
    }

    /// Tells how many were not shown.
    func report() {
        let more = count - Self.limit
        if more > 0 { Terminal.writeError("and \(ProgressText.grouped(more)) more malformed rows\n") }
    }
}
