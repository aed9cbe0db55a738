// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Keeps a second process from appending to the same file.
///
/// The lock is the kernel's (`flock`) on the file itself, and ends with the process that holds it.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes a file's lock; the file is made where there is none.
    ///
    /// - Parameter url: The file.
    /// - Throws: ``RunError`` with the code `locked` when another process, or another part of this one, holds it.
    package init(_ url: URL) throws {
        let descriptor = open(url.relativePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw RunError.system(errno, "open", path: url.relativePath) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            _ = close(descriptor)
            guard number == EWOULDBLOCK else { throw RunError.system(number, "lock", path: url.relativePath) }
            throw RunError(
                .locked,
                path: url.relativePath,
                message: "another process is writing this file",
                remedy: "stop it, or wait until it ends"
            )
        }
        self.descriptor = descriptor
    }

    deinit { _ = close(descriptor) }
}
