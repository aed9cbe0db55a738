// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A file written piece by piece that appears whole when it is finished, or not at all.
///
/// What is written goes to a hidden neighbour first. A device or a pipe, such as `/dev/stdout`, is written as it is.
package final class AtomicFile {
    private let url: URL
    private let temporary: URL?
    private let file: OpenFile
    private var buffer: [UInt8] = []
    private var isFinished = false
    private static let limit = 262_144

    /// Starts a file.
    ///
    /// - Parameter url: Where the file is to stand.
    /// - Throws: ``RunError`` when the folder cannot be written.
    package init(_ url: URL) throws {
        self.url = url
        var status = stat()
        let isSpecial = stat(url.relativePath, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
        let process = ProcessInfo.processInfo.processIdentifier
        temporary = isSpecial ? nil : DurableFile.hidden(url, suffix: "tmp-\(process)")
        file = try OpenFile(temporary ?? url, O_WRONLY | (isSpecial ? 0 : O_CREAT | O_TRUNC))
    }

    deinit {
        if let temporary, !isFinished { unlink(temporary.relativePath) }
    }

    /// Writes a line and its end.
    ///
    /// - Throws: ``RunError`` when the disk refuses.
    package func write(line: some Collection<UInt8>) throws {
        buffer.append(contentsOf: line)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.limit { try flush() }
    }

    /// Makes the file durable and puts it in its place.
    ///
    /// - Throws: ``RunError``; what stood there before is then still there.
    package func finish() throws {
        try flush()
        guard let temporary else { return isFinished = true }
        try file.synchronize()
        try DurableFile.rename(temporary, to: url)
        isFinished = true
        try DurableFile.synchronizeFolder(url.deletingLastPathComponent())
    }

    private func flush() throws {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
