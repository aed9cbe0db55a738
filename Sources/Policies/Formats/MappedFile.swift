// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file's bytes, mapped into memory: nothing is read until it is looked at.
package struct MappedFile: Sendable {
    /// The path, as it was given.
    package let path: String
    private let data: Data

    /// Maps a file.
    ///
    /// - Throws: ``ModelFileError`` when there is no such file or it cannot be read.
    package init(path: String) throws {
        self.path = path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ModelFileError(
                .notFound,
                file: path,
                "there is no such file",
                remedy: "check the path; `rubrics setup` fetches the demo's model"
            )
        }
        guard !isDirectory.boolValue else {
            throw ModelFileError(.malformed, file: path, "this is a directory, expected a file")
        }
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw ModelFileError(
                .notFound,
                file: path,
                "the file cannot be read: \(error.localizedDescription)",
                remedy: "check its permissions"
            )
        }
    }

    /// The number of bytes.
    package var count: Int { data.count }

    /// Runs `body` over the bytes of `range`, where they lie.
    package func withBytes<Result>(
        _ range: Range<Int>,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try data.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// Runs `body` over all bytes.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withBytes(0..<count, body)
    }
}
