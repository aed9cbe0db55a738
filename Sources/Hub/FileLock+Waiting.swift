// SPDX-License-Identifier: Apache-2.0

import Foundation
import Runs

extension FileLock {
    private static let interval = Duration.milliseconds(50)

    /// Takes a file's lock as soon as nobody else holds it.
    ///
    /// - Parameters:
    ///   - url: A file that is locked; made, with its folder, if it is not there.
    ///   - telling: Called once when another process holds the lock.
    /// - Returns: The lock, held as long as the value lives.
    /// - Throws: `RunError` when the file cannot be opened or locked, `CancellationError`.
    static func waiting(for url: URL, telling: () -> Void = {}) async throws -> FileLock {
        try DurableFile.makeFolder(url.deletingLastPathComponent())
        var hasTold = false
        while true {
            do {
                return try FileLock(url)
            } catch let error as RunError where error.code == .locked {
                if !hasTold { telling() }
                hasTold = true
            }
            try await Task.sleep(for: interval)
        }
    }
}
