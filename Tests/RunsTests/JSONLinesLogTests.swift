// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import TestSupport
import Testing

@testable import Runs

struct JSONLinesLogTests {
    let folder: TemporaryFolder
    var log: JSONLinesLog { JSONLinesLog(folder.url.appendingPathComponent("log.jsonl")) }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("Lines are appended whole and read in order")
    func appends() throws {
        #expect(try log.values().isEmpty, "a log that does not exist is empty")
        try log.append([["step": 1, "text": "a\nb"], ["step": 1]])
        try log.append([])
        try log.append([["step": 2]])
        #expect(try folder.text("log.jsonl") == "{\"step\":1,\"text\":\"a\\nb\"}\n{\"step\":1}\n{\"step\":2}\n")
        #expect(try log.values().map { $0["step"]?.int } == [1, 1, 2])
    }

    @Test("However a write was cut, reading skips the torn line and the next append removes it", arguments: 0...11)
    func toleratesTornLine(kept: Int) throws {
        try log.append([["step": 1]])
        let line = Array("{\"step\":22}\n".utf8)
        let file = try OpenFile(log.url, O_WRONLY | O_APPEND)
        try file.write(line.prefix(kept))
        #expect(try log.values() == [["step": 1]])
        try log.append([["step": 3]])
        #expect(try log.values() == [["step": 1], ["step": 3]])
    }

    @Test("Repair cuts the torn line and says how much")
    func repairs() throws {
        #expect(try log.repair() == 0)
        _ = try folder.file("log.jsonl", "{\"step\":1}\n{\"st")
        #expect(try log.repair() == 4)
        #expect(try log.repair() == 0)
        #expect(try folder.text("log.jsonl") == "{\"step\":1}\n")
        _ = try folder.file("log.jsonl", "{\"st")
        #expect(try log.repair() == 4)
        #expect(try folder.text("log.jsonl") == "")
    }

    @Test("A torn line longer than a chunk is cut too")
    func longTornLine() throws {
        _ = try folder.file("log.jsonl", "{\"step\":1}\n{\"text\":\"" + String(repeating: "x", count: 400_000))
        #expect(try log.values() == [["step": 1]])
        #expect(try log.repair() == 400_009)
    }

    @Test("Lines longer than a chunk are read whole")
    func longLines() throws {
        let texts = [3, 700_000, 0, 262_144, 1].map { String(repeating: "y", count: $0) }
        try log.append(texts.map { ["step": 1, "text": .string($0)] })
        #expect(try log.values().map { $0["text"]?.string } == texts)
    }

    @Test(arguments: [(-1, 0), (0, 1), (1, 3), (2, 3), (3, 4), (9, 4)])
    func truncates(step: Int, lines: Int) throws {
        try log.append([["step": 0], ["step": 1], ["step": 1], ["step": 3]])
        try log.truncate(after: step)
        #expect(try log.values().count == lines)
    }

    @Test("Truncating also cuts a torn last line")
    func truncatesTornLine() throws {
        _ = try folder.file("log.jsonl", "{\"step\":1}\n{\"step\":2")
        try log.truncate(after: 5)
        #expect(try folder.text("log.jsonl") == "{\"step\":1}\n")
    }

    @Test("A damaged line is an error that names file and line")
    func namesDamagedLines() throws {
        _ = try folder.file("log.jsonl", "{\"step\":1}\n{\"step\":}\n")
        let error = #expect(throws: DocumentError.self) { try log.values() }
        #expect(error?.line == 2)
        _ = try folder.file("log.jsonl", "{\"step\":1}\n{\"stop\":1}\n")
        let missing = #expect(throws: RunError.self) { try log.truncate(after: 1) }
        #expect(missing?.path.hasSuffix("log.jsonl:2") == true)
    }
}
