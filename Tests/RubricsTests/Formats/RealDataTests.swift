// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

/// Real rows are not part of the package: `RUBRICS_REAL_DATA` names a folder that holds them.
@Suite(
    "Real rows",
    .enabled(if: RealData.folder != nil, "skipped: RUBRICS_REAL_DATA names no folder of real rows")
)
struct RealDataTests {
    @Test("Published rows come back from the native row as they were", arguments: RealData.files)
    func roundTrip(file: RealData.File) throws {
        let lines = try file.lines()
        #expect(!lines.isEmpty)
        for (number, line) in lines.enumerated() {
            let row = try Document.jsonLines(line, file: file.name)[0]
            let read = try RubricRow(row.root)
            #expect(read.format == file.format)
            #expect(read.notes.isEmpty)
            let native = try Conversion(from: file.format, to: .native).convert(read.task).row
            let back = try RubricRow(Document.json(native.serialized(), file: "native.jsonl").root)
            #expect(back.task == read.task)
            let again = try Conversion(from: .native, to: file.format).convert(back.task).row
            #expect(again == row.json, "row \(number + 1)")
        }
    }

    @Test("A damaged row is a located error, and the others are read", arguments: RealData.files, 0..<8)
    func damaged(file: RealData.File, seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for line in try file.lines().prefix(60) {
            var bytes = Array(line.utf8)
            Damage.allCases.randomElement(using: &random)?.apply(to: &bytes, using: &random)
            do {
                try Document.forEachJSONLine(of: bytes, file: file.name) { _ = try RubricRow($0.root) }
            } catch let error as DocumentError {
                #expect(error.line != nil && error.column != nil, "\(error)")
            }
        }
    }
}

/// The folder of real rows.
enum RealData {
    struct File: Sendable, CustomTestStringConvertible {
        var name: String
        var format: RubricFormat

        var testDescription: String { name }

        func lines() throws -> [String] {
            let path = try #require(RealData.folder) + "/" + name
            return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        }
    }

    static let folder = ProcessInfo.processInfo.environment["RUBRICS_REAL_DATA"]
    static let files = [
        File(name: "rar-rows.jsonl", format: .rar), File(name: "healthbench-sample.jsonl", format: .healthBench),
    ]
}
