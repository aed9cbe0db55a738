// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Reads a file line by line in chunks, so that one line is held at a time.
package struct LineReader: ~Copyable {
    /// A line.
    package struct Line: Sendable {
        /// The line without its newline.
        package var bytes: ArraySlice<UInt8>
        /// The line's number, from 1.
        package var number: Int
        /// Where the next line starts in the file.
        package var end: Int

        /// Where the line stands in the file, its newline left out.
        package var place: Range<Int> { (end - bytes.count - 1)..<(end - 1) }

        /// Whether the line holds nothing but white space.
        package var isBlank: Bool {
            bytes.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
        }
    }

    private let file: OpenFile
    /// Whether a last line without its newline is handed out; in a log it is one that was cut off.
    private let handsOutTornLine: Bool
    private var buffer: ArraySlice<UInt8> = []
    private var offset = 0
    private var number = 0
    private static let chunk = 262_144

    init(file: consuming OpenFile) {
        self.file = file
        handsOutTornLine = false
    }

    /// Opens a file that others wrote: what stands behind the last newline is a line too.
    ///
    /// - Parameter url: The file.
    /// - Throws: ``RunError`` when it cannot be opened.
    package init(_ url: URL) throws {
        file = try OpenFile(url, O_RDONLY)
        handsOutTornLine = true
    }

    /// The next line; `nil` after the last.
    ///
    /// - Throws: ``RunError`` when the file cannot be read.
    package mutating func next() throws -> Line? {
        var searched = buffer.startIndex
        while true {
            if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(upTo: newline)
            }
            let known = buffer.count
            let more = try file.read(Self.chunk, from: offset + known)
            if more.isEmpty { return takeTornLine() }
            buffer = Array(buffer)[...] + more
            searched = buffer.startIndex + known
        }
    }

    private mutating func takeTornLine() -> Line? {
        guard handsOutTornLine, !buffer.isEmpty else { return nil }
        buffer.append(UInt8(ascii: "\n"))
        return take(upTo: buffer.endIndex - 1)
    }

    private mutating func take(upTo newline: Int) -> Line {
        let bytes = buffer[..<newline]
        buffer = buffer[(newline + 1)...]
        offset += bytes.count + 1
        number += 1
        return Line(bytes: bytes, number: number, end: offset)
    }
}
