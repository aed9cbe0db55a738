// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// The free space of the file system that holds a folder.
package enum DiskSpace {
    /// The bytes that this process may still write below `url`, or `nil` where the system does not say.
    package static func free(at url: URL) -> Int? {
        var status = statvfs()
        guard statvfs(nearestExisting(url).path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }

    /// Fails early when the disk cannot hold what is about to be written.
    ///
    /// - Parameters:
    ///   - bytes: What is about to be written.
    ///   - purpose: What it is, for the message, for example "checkpoint of step 10".
    ///   - url: Where it is to be written; the folder need not exist yet.
    /// - Throws: ``RunError`` with the code `noSpace` that says how much is missing.
    package static func require(_ bytes: Int, for purpose: String, at url: URL) throws {
        guard let free = free(at: url) else { return }
        try require(bytes, of: free, for: purpose, at: url)
    }

    static func require(_ bytes: Int, of free: Int, for purpose: String, at url: URL) throws {
        guard free < bytes else { return }
        throw RunError(
            .noSpace,
            path: url.relativePath,
            message: "the \(purpose) needs \(ByteCount.text(bytes)) and \(ByteCount.text(free)) are free",
            remedy: "free at least \(ByteCount.text(bytes - free)) and run the command again, or choose another disk"
        )
    }

    private static func nearestExisting(_ url: URL) -> URL {
        var url = url.standardizedFileURL
        while !DurableFile.exists(url) && url.path != "/" {
            url.deleteLastPathComponent()
        }
        return url
    }
}

/// Byte counts in words.
package enum ByteCount {
    /// A count with one decimal in powers of 1,000, for example `1.6 GB`.
    package static func text(_ bytes: Int) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 999.95 && unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(bytes) bytes" : "\(String(format: "%.1f", value)) \(units[unit])"
    }
}
