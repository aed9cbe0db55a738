// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Synthesis
import TestSupport
import Testing

@Suite("Splits by a hash of the question")
struct SplitSharesTests {
    private static func task(_ question: String, id: String = "a") -> RubricTask {
        RubricTask(
            id: id,
            prompt: [Message(role: .user, content: question)],
            criteria: [Criterion(description: "d", weight: 1)]
        )
    }

    @Test("One question is in one part, however it is written", arguments: 0..<100)
    func writings(seed: Int) throws {
        let shares = try #require(SplitShares("train=0.5,val=0.3,test=0.2", salt: "s"))
        let part = shares.part(of: Self.task("What is the caf\u{E9} number \(seed)?"))
        for other in ["what is  the CAFE\u{301} number \(seed)?", " What is the\ncaf\u{E9} number \(seed)? "] {
            #expect(shares.part(of: Self.task(other, id: "b")) == part)
        }
    }

    @Test("Parts have their shares, and another salt makes another split")
    func shares() throws {
        let parts = try #require(SplitShares("train=0.8,val=0.1,test=0.1", salt: ""))
        let salted = try #require(SplitShares("train=0.8,val=0.1,test=0.1", salt: "x"))
        let tasks = (0..<4000).map { Self.task("question \($0)") }
        let places = tasks.map { parts.part(of: $0) }
        for (part, share) in [0.8, 0.1, 0.1].enumerated() {
            let count = places.count { $0 == part }
            // Four standard deviations.
            #expect(abs(Double(count) - 4000 * share) < 4 * (4000 * share * (1 - share)).squareRoot())
        }
        #expect(tasks.map { salted.part(of: $0) } != places)
    }

    @Test("A part never depends on this version of the program")
    func pinned() throws {
        let shares = try #require(SplitShares("a=0.25,b=0.25,c=0.25,d=0.25", salt: ""))
        #expect((0..<12).map { shares.part(of: Self.task("question \($0)")) } == Self.pinnedParts)
    }

    /// From Python: SHA-256 over each text's UTF-8 length as eight bytes, little-endian, and the text.
    private static let pinnedParts = [3, 3, 2, 0, 0, 3, 1, 1, 0, 1, 1, 2]

    @Test(
        "Lists that are no shares are refused",
        arguments: ["", "a", "a=1,a=0", "a=0.5", "a=2,b=-1", "a/b=1", "=1", "a=0.5,b=0.5,"]
    )
    func refused(text: String) {
        #expect(SplitShares(text, salt: "") == nil)
    }

    @Test("Lines are written as they stand, each once, and rows that are added move none", arguments: 0..<10)
    func files(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let shares = try #require(SplitShares("train=0.6,test=0.4", salt: ""))
        let rows = (0..<40).map { number -> String in
            let space = String(repeating: " ", count: Int(seed % 3))
            return
                #"{"id":\#(space)"r\#(number)", "prompt": "q \#(seed) \#(number)", "criteria": [{"description": "d", "weight": 1}]}"#
        }
        func split(_ rows: [String], _ name: String) throws -> [[String]] {
            let path = try folder.write("\(name).jsonl", Array(rows.joined(separator: "\n").utf8))
            _ = try RubricSplit(of: path, shares) { folder.path("\(name)-\($0).jsonl") }
            return try shares.parts.map { part in
                try String(contentsOfFile: folder.path("\(name)-\(part.name).jsonl"), encoding: .utf8)
                    .split(separator: "\n").map(String.init)
            }
        }
        let all = try split(rows, "all")
        let some = try split(Array(rows.prefix(20)), "some")
        #expect(all.joined().sorted() == rows.sorted())
        for (many, few) in zip(all, some) { #expect(Set(few).isSubset(of: many)) }
    }
}
