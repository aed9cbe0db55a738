// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Rubrics
import Runs

/// The import of one part: its rows read, counted and written.
struct ImportJob {
    /// How many failures and assumptions are shown; all are counted.
    private static let shown = 20

    let part: ImportSource.Part
    let out: String
    let limit: Int?

    /// Reads and writes every row.
    ///
    /// - Returns: What it came to.
    /// - Throws: ``CommandFailure`` when nothing could be imported; then nothing is written.
    func run() async throws -> ImportCounts {
        let rows = try ImportedRows(out)
        do {
            let counts = try await copy(to: rows)
            guard counts.rows > 0 else {
                let reason =
                    counts.failures > 0 ? "none of the \(counts.failures) rows could be read" : "there are no rows"
                throw CommandFailure("\(part.files.map(\.origin).joined(separator: ", ")): \(reason)")
            }
            try rows.finish()
            return counts
        } catch {
            rows.discard()
            throw error
        }
    }

    private func copy(to rows: ImportedRows) async throws -> ImportCounts {
        var counts = ImportCounts()
        var progress = Terminal.progressLine()
        let reading = RowReading { try Installation.duckDB() }
        try await reading.read(part.files) { row in
            switch row.task {
            case .success(let task):
                try rows.write(task, from: row.file.origin)
                counts.add(task)
            case .failure(let error):
                counts.addFailure()
                if counts.failures <= Self.shown { progress.write("rubrics: \(error)") }
            }
            for (place, note) in row.notes.enumerated() where counts.notes + place < Self.shown {
                progress.write("note: \(note)")
            }
            counts.addNotes(row.notes.count)
            progress.show("\(ProgressText.grouped(counts.rows)) rows")
            return counts.rows < limit ?? .max
        }
        progress.clear()
        let hidden = max(0, counts.failures - Self.shown) + max(0, counts.notes - Self.shown)
        if hidden > 0 { Terminal.writeError("… and \(ProgressText.grouped(hidden)) more\n") }
        return counts
    }
}
