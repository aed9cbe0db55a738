// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// `rubrics ledger`, on ledgers that `rubrics judge` writes.
@Suite("Ledgers on the command line", .timeLimit(.minutes(5)))
struct LedgerCommandTests {
    /// Two responses judged on two criteria each: four calls and two rewards.
    private func judged() async throws -> (folder: TemporaryFolder, ledger: String, model: String) {
        let folder = try TemporaryFolder()
        let server = try await ScriptedServer.start(JudgeBehavior())
        let rows = try folder.write("rows.jsonl", lines: [JudgedRows.row("a")])
        let responses = try folder.write(
            "responses.jsonl",
            lines: ["alpha", "beta"].map { ["id": .string($0), "task": "a", "response": .string($0)] }
        )
        let result = try await Command.run(
            ["judge", responses, "--rubrics", rows, "--out", folder.path("out")] + JudgedRows.judge(server)
        )
        #expect(result.status == 0, "\(result.errors)")
        try await server.stop()
        return (folder, folder.path("out.ledger.sqlite"), "127.0.0.1:judge")
    }

    private func ledger(_ arguments: String...) async throws -> Command.Result {
        try await Command.run(["ledger"] + arguments)
    }

    @Test("stats counts calls by model, rewards and bytes; a run's folder means its ledger")
    func stats() async throws {
        let (folder, path, model) = try await judged()
        let stats = try await ledger("stats", path, "--format", "json").json
        #expect(stats["calls"] == 4)
        #expect(stats["rewards"] == 2)
        #expect(stats["models"]?.array?.map { $0["model"] } == [.string(model)])
        let tokens = stats["models"]?.array?.first?["input_tokens"]?.int ?? 0
        #expect(tokens > 0)
        #expect(stats["bytes"]?.int ?? 0 > 4096)

        let run = folder.url.appendingPathComponent("run")
        try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: path, toPath: run.appendingPathComponent("ledger.sqlite").path)
        let text = try await ledger("stats", run.path).output
        #expect(text.contains("calls    4") && text.contains("rewards  2") && text.contains(model), "\(text)")
    }

    @Test("export writes calls, then rewards, to a file or to standard output alike, and no secret")
    func export() async throws {
        let (folder, path, model) = try await judged()
        let printed = try await ledger("export", path)
        let filed = try await ledger("export", path, "--out", folder.path("export.jsonl"))
        #expect(filed.status == 0 && filed.output.isEmpty && filed.errors.contains("6 lines"), "\(filed.errors)")
        let lines = try folder.lines("export.jsonl")
        #expect(try Document.jsonLines(printed.output, file: "output").map(\.json) == lines)
        #expect(lines.map { $0["kind"]?.string } == ["call", "call", "call", "call", "reward", "reward"])
        #expect(lines.prefix(4).allSatisfy { $0["key"]?.string?.utf8.count == 64 && $0["model"]?.string == model })
        #expect(lines.suffix(2).map { $0["subject"]?.string } == ["alpha", "beta"])
        #expect(!printed.output.contains("secret"))
    }

    @Test("A link that lines are written to stays a link")
    func link() async throws {
        let (folder, path, _) = try await judged()
        try folder.write("target", "old\n".utf8)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"),
            withDestinationPath: folder.path("target")
        )
        #expect(try await ledger("export", path, "--out", folder.path("link")).status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link")) == folder.path("target"))
        #expect(try folder.lines("target").count == 6)
    }

    @Test("prune removes by age and by model, says so, keeps rewards")
    func prune() async throws {
        let (folder, path, model) = try await judged()
        defer { withExtendedLifetime(folder) {} }
        let young = try await ledger("prune", path, "--older-than", "1", "--format", "json")
        #expect(young.status == 0, "\(young.errors)")
        #expect(try young.json["removed_calls"] == 0)
        let other = try await ledger("prune", path, "--model", "127.0.0.1:jugde")
        #expect(other.status == 2 && other.errors.contains(model), "\(other.errors)")
        let both = try await ledger("prune", path, "--model", model, "--older-than", "1")
        #expect(both.output.contains("removed 0 calls"), "\(both.output)")
        let all = try await ledger("prune", path, "--model", model)
        #expect(all.status == 0 && all.output.contains("removed 4 calls from \(path)"), "\(all.output)")
        let stats = try await ledger("stats", path, "--format", "json").json
        #expect(stats["calls"] == 0 && stats["rewards"] == 2)
    }

    /// A database of another program: 512 bytes, no tables.
    private static let foreign: [UInt8] = {
        let head: [UInt8] =
            Array("SQLite format 3\0".utf8) + [2, 0, 1, 1, 0, 64, 32, 32, 0, 0, 0, 3, 0, 0, 0, 1]
            + Array(repeating: 0, count: 11) + [3] + Array(repeating: 0, count: 15) + [1]
            + Array(repeating: 0, count: 35) + [3, 0, 46, 99, 1, 13, 0, 0, 0, 0, 2, 0]
        return head + Array(repeating: 0, count: 512 - head.count)
    }()

    private static let strangers = [
        "text": Array("not a database, but long enough to be read as one".utf8), "empty": [], "foreign": foreign,
    ]

    @Test(
        "What is no ledger is named and left as it is",
        arguments: ["text", "empty", "foreign"],
        ["stats", "export", "prune"]
    )
    func noLedger(name: String, command: String) async throws {
        let folder = try TemporaryFolder()
        let bytes = Self.strangers[name] ?? []
        let path = try folder.write(name, bytes)
        let result = try await Command.run(
            ["ledger", command, path] + (command == "prune" ? ["--older-than", "1"] : [])
        )
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains(path) && result.errors.contains("is no ledger"), "\(result.errors)")
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [name])
    }

    @Test("A file that is not there, a folder without a ledger, and a prune of everything are refused")
    func refused() async throws {
        let folder = try TemporaryFolder()
        let missing = try await ledger("stats", folder.path("nowhere"))
        #expect(missing.status == 2 && missing.errors.contains("nowhere is not there"), "\(missing.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("nowhere")))
        let empty = try await ledger("export", folder.url.path)
        #expect(empty.status == 2 && empty.errors.contains("ledger.sqlite"), "\(empty.errors)")
        let all = try await ledger("prune", folder.path("nowhere"))
        #expect(all.status == 64 && all.errors.contains("--older-than DAYS"), "\(all.errors)")
    }
}
