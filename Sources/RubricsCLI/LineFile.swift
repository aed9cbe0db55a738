// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file of JSON lines that is written from its beginning, whole lines at a time.
final class LineFile {
    private let path: String
    private let handle: FileHandle

    /// Makes the file, or empties it. What is no plain file, such as `/dev/null`, is written as it is: Foundation's
    /// `createFile` would put a plain file in its place.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written.
    init(_ path: String) throws {
        self.path = path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure("\(path) cannot be written: check that its folder exists and may be written")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Writes a line.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    func write(_ value: JSONValue) throws {
        try write(line: value.utf8())
    }

    /// Writes a line of which the bytes are known.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    func write(line bytes: [UInt8]) throws {
        try write(bytes + [UInt8(ascii: "\n")])
    }

    /// Writes text as it is.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    func write(text: String) throws {
        try write(Array(text.utf8))
    }

    private func write(_ bytes: [UInt8]) throws {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw refusal(error.localizedDescription)
        }
    }

    /// Makes the file durable and closes it.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    func finish() throws {
        // What is no plain file has nothing to make durable, and says so.
        guard fsync(handle.fileDescriptor) == 0 || [EINVAL, ENOTSUP, EROFS].contains(errno) else {
            throw refusal(String(cString: strerror(errno)))
        }
        try handle.close()
    }

    private func refusal(_ reason: String) -> CommandFailure {
        CommandFailure("\(path) cannot be written: \(reason); free space and run again")
    }
}
