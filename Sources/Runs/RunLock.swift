// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Keeps a second process from writing the same run.
///
/// The lock is the kernel's (`flock`): it ends with the process that holds it, however that process ends, so the lock of
/// a dead process never stands in the way. The file holds the process's number for the message alone.
package final class RunLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of a run's folder.
    ///
    /// - Throws: ``RunError`` with the code `locked` when another process, or another part of this one, holds it.
    package init(folder: URL) throws {
        let url = folder.appendingPathComponent("lock")
        let descriptor = open(url.relativePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw RunError.system(errno, "open", path: url.relativePath) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            let holder = Self.holder(descriptor)
            _ = close(descriptor)
            throw Self.failure(number, holder: holder, folder: folder)
        }
        self.descriptor = descriptor
        writeHolder()
    }

    deinit {
        _ = ftruncate(descriptor, 0)
        _ = close(descriptor)
    }

    private func writeHolder() {
        let text = Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Int32(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    private static func failure(_ number: Int32, holder: Int32?, folder: URL) -> RunError {
        guard number == EWOULDBLOCK else { return RunError.system(number, "lock", path: folder.relativePath) }
        let process = holder.map { "process \($0)" } ?? "another process"
        return RunError(
            .locked,
            path: folder.relativePath,
            message: "\(process) is writing this run",
            remedy: "wait for it, stop it, or choose another name for the run"
        )
    }
}
