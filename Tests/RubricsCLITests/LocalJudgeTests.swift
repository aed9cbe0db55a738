// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Rubrics
import TestSupport
import Testing

/// `rubrics judge` with a model in its own process.
@Suite("A local judge on the command line", .timeLimit(.minutes(10)))
struct LocalJudgeTests {
    private static let rows = """
        {"id": "t1", "prompt": "What helps?", "criteria": [{"title": "Water", "description": "Names water.", \
        "importance": "essential", "polarity": "positive"}]}

        """
    private static let responses = """
        {"id": "r1", "task": "t1", "response": "Water."}
        {"id": "r2", "task": "t1", "response": "Aspirin."}

        """

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("rubrics.jsonl", Self.rows.utf8)
        try folder.write("responses.jsonl", Self.responses.utf8)
        var model = TinyModel()
        model.configuration.maxPositions = 8192
        try model.write(to: folder.url.appendingPathComponent("model"))
    }

    private func judge(_ model: String, _ more: [String] = []) async throws -> Command.Result {
        try await Command.run(
            [
                "judge", folder.path("responses.jsonl"), "--rubrics", folder.path("rubrics.jsonl"), "--out",
                folder.path("scored.jsonl"), "--judge", "local:" + folder.path(model), "--method", "rar-implicit",
                "--set", "judge.expected_rating=true",
            ] + more
        )
    }

    private func lines() throws -> [JSONValue] {
        let text = try String(contentsOfFile: folder.path("scored.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8), file: "scored.jsonl") }
    }

    @Test("Ratings become rewards, cost nothing, and are not asked for again")
    func rewards() async throws {
        try BigramModel.write(over: folder.path("model")) { [" 7", " 8", "7}", "8}"].contains($0 + $1) }
        // A limit in dollars needs no price of a model that nobody pays for.
        let result = try await judge("model", ["--budget", "1"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("2 made, 0 from the ledger") && result.output.contains("$0.0000"))
        let found = try lines()
        #expect(found.count == 2)
        for line in found {
            #expect(try abs(#require(line["rating"]?.double) - 7.5) < 0.01)
            #expect(try abs(#require(line["reward"]?.double) - 6.5 / 9) < 0.01)
        }
        let again = try await judge("model")
        #expect(again.status == 0 && again.output.contains("0 made, 2 from the ledger"), "\(again.output)")
        #expect(try lines().map { $0["reward"] } == found.map { $0["reward"] })
    }

    @Test("A model that puts little on the ratings leaves responses unscored")
    func unscored() async throws {
        let result = try await judge("model")
        #expect(result.status == 3 && result.output.contains("2 malformed"), "\(result.output)\(result.errors)")
        #expect(try lines().allSatisfy { $0["reward"] == .null })
    }

    @Test("A model that is not there stops the command before any work")
    func missing() async throws {
        let result = try await judge("elsewhere")
        #expect(result.status == 2 && result.errors.contains("elsewhere"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("scored.jsonl")))
    }
}
