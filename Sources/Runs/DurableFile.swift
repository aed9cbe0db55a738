// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Whole files and folders that appear at once and stay after a crash.
///
/// What is written goes to a hidden neighbour first, is synchronised, and is renamed into place; the folder that holds
/// the name is synchronised last. A reader sees the old content or the new, never a part.
package enum DurableFile {
    /// Replaces a file's content.
    ///
    /// - Throws: ``RunError``; the old content is then still there.
    package static func replace(_ url: URL, with bytes: some Collection<UInt8>) throws {
        let temporary = hidden(url, suffix: "tmp-\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try writeSynchronized(bytes, to: temporary)
            try rename(temporary, to: url)
        } catch {
            unlink(temporary.relativePath)
            throw error
        }
        try synchronizeFolder(url.deletingLastPathComponent())
    }

    /// Replaces a file's content by text.
    package static func replace(_ url: URL, with text: String) throws {
        try replace(url, with: Array(text.utf8))
    }

    /// Reads a whole file.
    package static func read(_ url: URL) throws -> [UInt8] {
        let file = try OpenFile(url, O_RDONLY)
        return try file.read(file.size, from: 0)
    }

    /// Reads a part of a file; less than was asked for only at its end.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - place: The bytes' places in it.
    /// - Returns: The bytes.
    /// - Throws: ``RunError`` when it cannot be read.
    package static func read(_ url: URL, _ place: Range<Int>) throws -> [UInt8] {
        try OpenFile(url, O_RDONLY).read(place.count, from: place.lowerBound)
    }

    /// Makes a folder and those above it.
    package static func makeFolder(_ url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw RunError.wrapping(error, "make the folder", path: url.relativePath)
        }
    }

    /// Removes a file or folder; what does not exist counts as removed.
    package static func remove(_ url: URL) throws {
        guard exists(url) else { return }
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            throw RunError.wrapping(error, "remove", path: url.relativePath)
        }
    }

    /// Whether something stands at this path, a dangling link included.
    package static func exists(_ url: URL) -> Bool {
        var status = stat()
        return lstat(url.relativePath, &status) == 0
    }

    /// The names in a folder in byte order; none where there is no folder.
    package static func names(in folder: URL) throws -> [String] {
        guard exists(folder) else { return [] }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.relativePath)
            return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            throw RunError.wrapping(error, "list", path: folder.relativePath)
        }
    }

    /// Renames within one file system.
    package static func rename(_ old: URL, to new: URL) throws {
        guard Foundation.rename(old.relativePath, new.relativePath) == 0 else {
            throw RunError.system(errno, "rename to \(new.lastPathComponent)", path: old.relativePath)
        }
    }

    /// Synchronises every file and folder of a tree, so that the tree can be renamed into place.
    package static func synchronizeTree(_ folder: URL) throws {
        for name in try names(in: folder) {
            let url = folder.appendingPathComponent(name)
            if isFolder(url) {
                try synchronizeTree(url)
            } else {
                try OpenFile(url, O_RDONLY).synchronize()
            }
        }
        try synchronizeFolder(folder)
    }

    /// Makes the names in a folder durable.
    package static func synchronizeFolder(_ url: URL) throws {
        try OpenFile(url, O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Whether a folder stands at this path.
    package static func isFolder(_ url: URL) -> Bool {
        var status = stat()
        return stat(url.relativePath, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The neighbour `.NAME.SUFFIX`, which no listing of runs or checkpoints shows.
    static func hidden(_ url: URL, suffix: String) -> URL {
        url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(suffix)")
    }

    private static func writeSynchronized(_ bytes: some Collection<UInt8>, to url: URL) throws {
        let file = try OpenFile(url, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(bytes)
        try file.synchronize()
    }
}
