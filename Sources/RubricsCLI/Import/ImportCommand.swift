// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Hub
import Rubrics
import Runs

/// `rubrics import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Turn rubrics of others into native rows: data sets on the hub, and Parquet, CSV, JSON and YAML files.",
        discussion: """
            Examples:
              rubrics import hf:ScaleAI/RaR-Medicine --out medicine.jsonl
              rubrics import hf:ScaleAI/RaR-Science --split all --out science.jsonl    (science-train.jsonl, …)
              rubrics import rows.parquet --out rows.jsonl --limit 100

            What is fetched is kept in ~/.cache/rubrics (RUBRICS_CACHE) and goes on where it was interrupted. HF_TOKEN opens
            gated sets. Parquet and CSV files are read by DuckDB (Docs/importing.md).
            Rows that cannot be read are named, the rest is written, and the command ends with status 3.
            """
    )

    @Argument(help: ArgumentHelp("A data set on the hub, or a file.", valueName: "hf:ORG/NAME|file"))
    var source: String

    @Option(help: ArgumentHelp("Where rows are written; with several splits one file each.", valueName: "rows.jsonl"))
    var out: String

    @Option(help: "Which part of a data set.")
    var split = ImportedSplit.train

    @Option(help: ArgumentHelp("Which configuration of a data set, where it has several.", valueName: "name"))
    var config: String?

    @Option(help: ArgumentHelp("A branch, a tag or a commit of a data set.", valueName: "revision"))
    var revision: String?

    @Option(help: ArgumentHelp("Import the first so many rows of each split alone.", valueName: "n"))
    var limit: Int?

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit is at least 1") }
    }

    func run() async throws {
        let interruption = Interruption(message: "stopping; what was fetched is kept")
        let failures = try await interruption.cancellingAtOnce { try await importAll() }
        if failures > 0 { throw ExitCode(ExitStatus.partial) }
    }

    /// Imports every part; the number of rows that could not be read.
    private func importAll() async throws -> Int {
        let request = ImportSource.Request(source: source, split: split, configuration: config, revision: revision)
        let source = try await ImportSource(request)
        var failures = 0
        for part in source.parts {
            let path = part.name.map { Self.path(out, ofSplit: $0) } ?? out
            let counts = try await ImportJob(part: part, out: path, limit: limit).run()
            Terminal.write(counts.text(of: path))
            failures += counts.failures
        }
        return failures
    }

    /// `rows-train.jsonl` beside `rows.jsonl`.
    static func path(_ path: String, ofSplit split: String) -> String {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name else { return "\(path)-\(split)" }
        return "\(path[..<dot])-\(split)\(path[dot...])"
    }
}
