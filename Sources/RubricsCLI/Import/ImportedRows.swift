// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs

/// Writes imported tasks as native rows: into a hidden neighbour first, which takes the file's place when it is whole.
struct ImportedRows {
    private let file: URL
    private let temporary: URL
    private let lines: LineFile

    /// Starts a file.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written.
    init(_ path: String) throws {
        file = URL(fileURLWithPath: path)
        let process = ProcessInfo.processInfo.processIdentifier
        temporary = file.deletingLastPathComponent().appendingPathComponent(".\(file.lastPathComponent).\(process)")
        lines = try LineFile(temporary.path)
    }

    /// Writes a task, with where it comes from.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    func write(_ task: RubricTask, from origin: String) throws {
        var task = task
        var provenance = task.provenance ?? Provenance(strategy: "import")
        provenance.changes.append(Provenance.Change(by: "import", action: "imported", reason: "from \(origin)"))
        task.provenance = provenance
        try lines.write(task.json)
    }

    /// Makes the file durable and puts it in its place.
    ///
    /// - Throws: ``CommandFailure`` or `RunError` when the disk refuses.
    func finish() throws {
        try lines.finish()
        try DurableFile.rename(temporary, to: file)
        try DurableFile.synchronizeFolder(file.deletingLastPathComponent())
    }

    /// Throws away what was written.
    func discard() {
        try? DurableFile.remove(temporary)
    }
}
