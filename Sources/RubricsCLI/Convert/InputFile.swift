// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file, or standard input put into one, so that it is read line by line like any other.
final class InputFile {
    /// Where it can be read.
    let path: String
    /// What errors call it.
    let name: String

    private let isTemporary: Bool

    /// Names a file; a dash is standard input, which is read to its end.
    ///
    /// - Throws: ``CommandFailure`` when there is no room for it.
    init(_ argument: String) throws {
        isTemporary = argument == "-"
        guard isTemporary else {
            (path, name) = (argument, argument)
            return
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("rubrics-\(UUID().uuidString)")
        (path, name) = (file.path, "standard input")
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let copy = FileHandle(forWritingAtPath: path)
        else {
            throw CommandFailure("\(path) cannot be written: check TMPDIR")
        }
        while let chunk = try FileHandle.standardInput.read(upToCount: 1 << 18), !chunk.isEmpty {
            try copy.write(contentsOf: chunk)
        }
        try copy.close()
    }

    deinit {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }
}
