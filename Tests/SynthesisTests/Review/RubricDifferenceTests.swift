// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Synthesis
import TestSupport
import Testing

@Suite("Differences of rubrics")
struct RubricDifferenceTests {
    private static func words(_ seed: Int) -> String {
        var generator = SplitMix64(seed: UInt64(seed))
        let words = ["a", "b", "cc", "e\u{301}", "\u{E9}", "\n", " ", "  "]
        return (0..<Int.random(in: 0...30, using: &generator)).map { _ in
            words[Int.random(in: words.indices, using: &generator)]
        }.joined(separator: Bool.random(using: &generator) ? " " : "")
    }

    @Test("The pieces make both texts again, byte by byte", arguments: 0..<200)
    func pieces(seed: Int) {
        let (old, new) = (Self.words(2 * seed), Self.words(2 * seed + 1))
        let pieces = WordDifference(old, new).pieces
        let left = pieces.compactMap { if case .added = $0 { nil } else { Self.text($0) } }.joined()
        let right = pieces.compactMap { if case .removed = $0 { nil } else { Self.text($0) } }.joined()
        #expect(Array(left.utf8) == Array(old.utf8) && Array(right.utf8) == Array(new.utf8))
        #expect(WordDifference(old, old).pieces == (old.isEmpty ? [] : [.same(old)]))
    }

    private static func text(_ piece: WordDifference.Piece) -> String {
        switch piece {
        case .same(let text), .added(let text), .removed(let text): text
        }
    }

    @Test("Words that stay are told from those that go and come")
    func edited() {
        #expect(
            WordDifference("Names a rare cause.", "Names the cause.").pieces == [
                .same("Names "), .removed("a rare"), .added("the"), .same(" cause."),
            ]
        )
    }

    private static func task(_ criteria: [Criterion]) -> RubricTask {
        RubricTask(id: "a", prompt: [Message(role: .user, content: "p")], criteria: criteria)
    }

    @Test("Criteria are matched by identifier, then by statement")
    func matching() {
        let old = Self.task([
            Criterion(id: "c1", description: "first", weight: 1), Criterion(id: "c2", description: "second", weight: 1),
            Criterion(id: "c3", description: "third", weight: 1),
        ])
        let shifted = Self.task([
            Criterion(id: "c1", description: "second", weight: 1), Criterion(id: "c2", description: "third", weight: 1),
        ])
        let renamed = RubricDifference(old: old, new: shifted).changes
        #expect(renamed.count == 3)
        #expect(renamed.last == .removed(old.criteria[0]))
        var heavier = old
        heavier.criteria[1].weight = 2
        #expect(
            RubricDifference(old: old, new: heavier).changes == [
                .edited(old: old.criteria[1], new: heavier.criteria[1])
            ]
        )
        #expect(RubricDifference(old: old, new: old).changes.isEmpty)
        var other = old
        other.prompt[0].content = "q"
        other.provenance = Provenance(model: "m")
        #expect(RubricDifference(old: old, new: other).changes == [.text(key: "prompt", old: "p", new: "q")])
    }

    @Test("A file differs from itself in nothing, in whatever order its rows stand", arguments: 0..<20)
    func files(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var generator = SplitMix64(seed: seed)
        let rows = (0..<30).map {
            #"{"id": "r\#($0)", "prompt": "p", "criteria": [{"description": "d\#($0)", "weight": 1}]}"#
        }
        let old = try folder.write("old.jsonl", Array(rows.joined(separator: "\n").utf8))
        let gone = Int.random(in: 0..<30, using: &generator)
        let shuffled = rows.shuffled(using: &generator)
        let new = try folder.write("new.jsonl", Array(shuffled.joined(separator: "\n").utf8))
        #expect(try RubricFileDifference(from: old, to: new) { _ in }.isSame)
        let less = try folder.write(
            "less.jsonl",
            Array(shuffled.filter { $0 != rows[gone] }.joined(separator: "\n").utf8)
        )
        var found: [RubricFileDifference.Row] = []
        let difference = try RubricFileDifference(from: old, to: less) { found.append($0) }
        #expect((difference.same, difference.removed, difference.added, difference.changed) == (29, 1, 0, 0))
        guard case .removed(let task) = found.first else { return #expect(Bool(false)) }
        #expect(task.id == "r\(gone)" && found.count == 1)
    }
}
