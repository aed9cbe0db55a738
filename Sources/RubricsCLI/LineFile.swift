// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

/// A file of JSON lines that is written from its beginning, whole lines at a time.
final class LineFile {
    private let path: String
    private let handle: FileHandle

    /// Makes the file, or empties it.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written.
    init(_ path: String) throws {
        self.path = path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CommandFailure("\(path) cannot be written: check that its folder exists and may be written") }
        self.handle = handle
    }

    /// Writes a line.
    func write(_ value: JSONValue) throws {
        do {
            try handle.write(contentsOf: Data((value.serialized() + "\n").utf8))
        } catch {
            throw CommandFailure("\(path) cannot be written: \(error.localizedDescription); free space and run again")
        }
    }

    /// Makes the file durable and closes it.
    func finish() throws {
        try handle.synchronize()
        try handle.close()
    }
}
