// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Runs

/// A file of rows, of whichever layout.
struct LintedFile {
    let path: String
    /// How the rows lie in it.
    let layout: RubricFileLayout

    /// Looks at a file's beginning.
    ///
    /// - Throws: `RunError` when it cannot be read, `DocumentError` for YAML that is not UTF-8.
    init(_ path: String) throws {
        self.path = path
        var reader = try LineReader(URL(fileURLWithPath: path))
        var line = try reader.next()
        while let blank = line, blank.isBlank { line = try reader.next() }
        let start = line.map { Array($0.bytes) } ?? []
        layout = start.isEmpty ? .jsonLines : RubricFileLayout(of: start, file: path)
    }

    /// Hands on the rows of a JSON list or of YAML, each with its line.
    ///
    /// - Throws: `DocumentError` where the file is neither, and what `body` throws.
    func forEachRow(_ body: (Int?, DocumentCursor) throws -> Void) throws {
        let bytes = try DurableFile.read(URL(fileURLWithPath: path))
        var index = 0
        let lines = try layout.lines(ofRowsIn: bytes, file: path)
        try layout.forEachRow(of: bytes, file: path) { place in
            try body(lines.indices.contains(index) ? lines[index] : nil, place)
            index += 1
        }
    }
}

/// A file's copy with fixed lines, which takes its place at the end.
struct FixedCopy: ~Copyable {
    private var copy: ReplacementFile
    private let size: Int

    /// Starts a copy.
    ///
    /// - Throws: `RunError` when it cannot be written.
    init(of path: String, to output: String) throws {
        let size = try FileSize.bytes(of: URL(fileURLWithPath: path))
        let copy = try ReplacementFile(URL(fileURLWithPath: output))
        self.size = size
        self.copy = copy
    }

    /// Writes a line as it was, or what replaces it between the same ends.
    mutating func write(_ line: LineReader.Line, replacement: [UInt8]?) throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if let replacement {
            if line.bytes.starts(with: mark) { try copy.write(mark) }
            try copy.write(replacement)
            if line.bytes.last == UInt8(ascii: "\r") { try copy.write([UInt8(ascii: "\r")]) }
        } else {
            try copy.write(line.bytes)
        }
        // A last line without a line end keeps none.
        if line.end <= size { try copy.write([UInt8(ascii: "\n")]) }
    }

    /// Puts the copy in the file's place.
    mutating func finish() throws {
        try copy.commit()
    }
}
