// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// An open file descriptor, closed when the value ends; every failure is a ``RunError`` that names the path.
package struct OpenFile: ~Copyable {
    package let descriptor: Int32
    package let path: String

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - url: The file or folder.
    ///   - flags: What `open` takes; the descriptor is never inherited by child processes.
    /// - Throws: ``RunError`` when it cannot be opened.
    package init(_ url: URL, _ flags: Int32) throws {
        path = url.relativePath
        var descriptor: Int32
        repeat {
            descriptor = open(path, flags | O_CLOEXEC, 0o644)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw RunError.system(errno, "open", path: path) }
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }

    /// The number of bytes in the file.
    package var size: Int {
        get throws {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw RunError.system(errno, "read the size", path: path) }
            return Int(status.st_size)
        }
    }

    /// Writes all bytes where the descriptor stands.
    package func write(_ bytes: some Collection<UInt8>) throws {
        try Array(bytes).withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
                let written = Foundation.write(descriptor, start, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written >= 0 else { throw RunError.system(errno, "write", path: path) }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
    package func read(_ count: Int, from offset: Int) throws -> [UInt8] {
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                filled += got
            }
        }
        if let failure { throw RunError.system(failure, "read", path: path) }
        return bytes
    }

    /// Cuts the file to `size` bytes.
    package func truncate(to size: Int) throws {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw RunError.system(errno, "truncate", path: path) }
    }

    /// Waits until the device holds what was written.
    package func synchronize() throws {
        #if canImport(Darwin)
        let status = fcntl(descriptor, F_FULLFSYNC)
        #else
        let status = fsync(descriptor)
        #endif
        // Devices and some network file systems have nothing to synchronise and say so.
        guard status == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw RunError.system(errno, "synchronise", path: path)
        }
    }
}
