// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Rubrics

/// An append-only file of one JSON object a line.
///
/// Appending is durable and leaves whole lines: what a full disk or a kill cuts off is a line without its end, which
/// reading skips and ``repair()`` and the next append remove.
package struct JSONLinesLog: Sendable, Hashable {
    /// The file.
    package let url: URL

    /// Names a log; the file is made by the first append.
    package init(_ url: URL) {
        self.url = url
    }

    /// Appends the values, one a line, and waits until the device holds them.
    ///
    /// - Throws: ``RunError``; the file then ends where it ended before.
    package func append(_ values: [JSONValue]) throws {
        guard !values.isEmpty else { return }
        let existed = DurableFile.exists(url)
        let file = try OpenFile(url, O_RDWR | O_CREAT | O_APPEND)
        let end = try Self.cutTornLine(of: file)
        do {
            try file.write(values.flatMap { $0.serialized().utf8 + [UInt8(ascii: "\n")] })
            try file.synchronize()
        } catch {
            try? file.truncate(to: end)
            throw error
        }
        if !existed { try DurableFile.synchronizeFolder(url.deletingLastPathComponent()) }
    }

    /// Cuts a last line that a kill or a power failure left without its end.
    ///
    /// - Returns: How many bytes were cut.
    @discardableResult
    package func repair() throws -> Int {
        guard DurableFile.exists(url) else { return 0 }
        let file = try OpenFile(url, O_RDWR)
        let size = try file.size
        let end = try Self.cutTornLine(of: file)
        if end < size { try file.synchronize() }
        return size - end
    }

    /// Cuts everything after a step: the first line whose `step` is greater and all that follow it.
    ///
    /// - Parameter step: The last step to keep; -1 keeps nothing.
    /// - Throws: ``RunError`` or `DocumentError` when the file cannot be read or cut.
    package func truncate(after step: Int) throws {
        guard DurableFile.exists(url) else { return }
        var end = 0
        var reader = try reader()
        while let line = try reader.next() {
            let value = try parse(line)
            guard let own = value["step"]?.int else {
                throw damaged(line.number, "the line has no integer `step`")
            }
            if own > step { break }
            end = line.end
        }
        let file = try OpenFile(url, O_RDWR)
        guard try file.size > end else { return }
        try file.truncate(to: end)
        try file.synchronize()
    }

    /// Hands every whole line to `body`, in order, holding one line in memory at a time.
    ///
    /// - Throws: `DocumentError` for a line that is not JSON, ``RunError`` when the file cannot be read, and what `body`
    ///   throws. A file that does not exist has no lines.
    package func read(_ body: (JSONValue) throws -> Void) throws {
        guard DurableFile.exists(url) else { return }
        var reader = try reader()
        while let line = try reader.next() {
            try body(parse(line))
        }
    }

    /// All whole lines, in order.
    package func values() throws -> [JSONValue] {
        var values: [JSONValue] = []
        try read { values.append($0) }
        return values
    }

    private func reader() throws -> LineReader {
        try LineReader(file: OpenFile(url, O_RDONLY))
    }

    private func parse(_ line: LineReader.Line) throws -> JSONValue {
        try JSONParser.parse(line.bytes, file: url.relativePath, firstLine: line.number)
    }

    private func damaged(_ line: Int, _ message: String) -> RunError {
        RunError(
            .damaged,
            path: "\(url.relativePath):\(line)",
            message: message,
            remedy: "restore the file or start the run again"
        )
    }

    /// Cuts the bytes after the last newline and returns where the file ends.
    private static func cutTornLine(of file: borrowing OpenFile) throws -> Int {
        var end = try file.size
        let size = end
        let chunk = 65_536
        while end > 0 {
            let start = max(0, end - chunk)
            let bytes = try file.read(end - start, from: start)
            if let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) {
                end = start + newline + 1
                break
            }
            end = start
        }
        if end < size { try file.truncate(to: end) }
        return end
    }
}
