// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Foundation
import Rewards
import Rubrics
import Testing

@Suite("Files of tasks")
struct TaskFileTests {
    private static let rows = """
        {"id": "a", "prompt": "p", "tags": ["demo", "short"], "criteria": [{"description": "d", "weight": 1}]}
        {"id": "b", "prompt": "p", "tags": ["demo"], "criteria": [{"description": "d", "weight": 1}]}
        {"id": "c", "prompt": "p", "criteria": [{"description": "d", "weight": 1}]}
        """

    private func read(tags: [String]) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("tasks-\(UUID().uuidString).jsonl")
        try Data(Self.rows.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var settings = RewardSettings()
        settings.weighting = .numeric
        let method = GradingMethod(settings, criteriaPerCall: 1)
        return try TaskFile(file.path, tags: tags, undecided: .error, method: method).tasks.map(\.id)
    }

    @Test(
        "Rows are chosen that have all of some tags",
        arguments: [([], ["a", "b", "c"]), (["demo"], ["a", "b"]), (["short", "demo"], ["a"])]
    )
    func tags(tags: [String], ids: [String]) throws {
        #expect(try read(tags: tags) == ids)
    }

    @Test("Tags that no row has are named with the file")
    func noRow() {
        let error = #expect(throws: TaskFileError.self) { try read(tags: ["demo", "other"]) }
        #expect(error?.message == "no row is tagged demo, other: name other tags, or none")
    }
}
