// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs
import Synthesis

/// `audit.json`: written rubric by rubric beside its place, and there when it is whole.
struct AuditFile {
    private let url: URL
    private let temporary: URL
    private let file: LineFile
    private var isEmpty = true

    /// Begins the file.
    ///
    /// - Parameters:
    ///   - path: Its place.
    ///   - judge: Who judges.
    ///   - method: The method's name.
    /// - Throws: ``CommandFailure`` when it cannot be written.
    init(_ path: String, judge: String, method: String) throws {
        url = URL(fileURLWithPath: path)
        temporary = url.appendingPathExtension("partial")
        file = try LineFile(temporary.path)
        let head: JSONValue = ["judge": .string(judge), "method": .string(method)]
        try file.write(text: String(head.serialized().dropLast()) + ",\"rubrics\":[")
    }

    /// Writes a rubric's audit on a line of its own.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    mutating func write(_ audit: RubricAudit) throws {
        try file.write(text: (isEmpty ? "\n" : ",\n") + audit.json.serialized())
        isEmpty = false
    }

    /// Writes what the rubrics come to, and puts the file in its place.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses, `RunError` when the file cannot be renamed.
    func finish(_ set: SetAudit) throws {
        try file.write(text: "\n],\"set\":" + set.json.serialized() + "}\n")
        try file.finish()
        try DurableFile.rename(temporary, to: url)
    }
}
