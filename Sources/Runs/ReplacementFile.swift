// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A file that is written in parts beside the one whose place it takes at once.
///
/// Without ``commit()`` the old content stays and what was written goes.
package struct ReplacementFile: ~Copyable {
    private static let chunk = 1 << 20

    private let file: OpenFile
    private let url: URL
    private let temporary: URL
    private var pending: [UInt8] = []
    private var isCommitted = false

    /// Starts the file.
    ///
    /// - Parameter url: Where it shall stand.
    /// - Throws: ``RunError`` when the folder cannot be written.
    package init(_ url: URL) throws {
        self.url = url
        temporary = DurableFile.hidden(url, suffix: "tmp-\(ProcessInfo.processInfo.processIdentifier)")
        file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC)
    }

    deinit {
        if !isCommitted { unlink(temporary.relativePath) }
    }

    /// Writes bytes behind the others.
    ///
    /// - Throws: ``RunError`` when the disk refuses.
    package mutating func write(_ bytes: some Collection<UInt8>) throws {
        pending += bytes
        guard pending.count >= Self.chunk else { return }
        try file.write(pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Makes the file durable and puts it in its place.
    ///
    /// - Throws: ``RunError``; the old content is then still there.
    package mutating func commit() throws {
        try file.write(pending)
        pending.removeAll()
        try file.synchronize()
        try DurableFile.rename(temporary, to: url)
        isCommitted = true
        try DurableFile.synchronizeFolder(url.deletingLastPathComponent())
    }
}

/// The size of a file.
package enum FileSize {
    /// The number of bytes in a file.
    ///
    /// - Throws: ``RunError`` when it cannot be looked at.
    package static func bytes(of url: URL) throws -> Int {
        try OpenFile(url, O_RDONLY).size
    }
}
