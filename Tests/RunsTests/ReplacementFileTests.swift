// SPDX-License-Identifier: Apache-2.0

import Foundation
import Runs
import TestSupport
import Testing

@Suite("Replacement files")
struct ReplacementFileTests {
    private func write(_ parts: [String], over path: String, commits: Bool) throws {
        var file = try ReplacementFile(URL(fileURLWithPath: path))
        for part in parts { try file.write(part.utf8) }
        if commits { try file.commit() }
    }

    @Test("What is written appears at once, and only when it is committed", arguments: [true, false])
    func content(commits: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("rows", "old".utf8)
        try write(["a", String(repeating: "b", count: 2_000_000), "c"], over: path, commits: commits)
        let size = try FileSize.bytes(of: URL(fileURLWithPath: path))
        #expect(size == (commits ? 2_000_002 : 3))
        #expect(try DurableFile.names(in: folder.url) == ["rows"])
    }
}
