// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// `rubrics judge` stopped in its middle and run again, beside one that nothing disturbs.
@Suite("Interrupted judging on the command line", .serialized, .timeLimit(.minutes(5)))
struct JudgeInterruptionTests {
    private static let concurrency = 6

    /// Thirty responses of one to four words, some of which break the judge for good.
    private static let responses: [JSONValue] = {
        var generator = SplitMix64(seed: 3)
        return (0..<30).map { number in
            let words = ["alpha", "beta", "gamma", "omega"].filter { _ in generator.uniform() < 0.5 }
            let last = number % 10 == 9 ? ["broken"] : []
            return JudgedProject.response("r\(number)", (words + last + ["\(number)"]).joined(separator: " "))
        }
    }()

    /// Fails a quarter of first attempts, in transport or by what it says, and refuses what is broken every time.
    private static let judge = WordJudge(
        exception: { question in
            if question.response.contains("broken"), question.text.contains("Names alpha.") {
                return .completion("I'm sorry, but I can't help with that.")
            }
            guard question.attempt == 0 else { return nil }
            var hash = StableHash()
            hash.combine(question.response)
            hash.combine(question.statements.first?.text ?? "")
            switch hash.value % 12 {
            case 0: return .answer(status: 500, headers: [("retry-after-ms", "10")], body: "{}")
            case 1: return .reset
            case 2: return .completion("I would say that it does.")
            default: return nil
            }
        },
        latency: .milliseconds(15)
    )

    private func project() throws -> JudgedProject {
        let project = try JudgedProject()
        try project.write(Self.responses)
        return project
    }

    private func arguments(_ server: ScriptedServer) -> [String] {
        [
            "--judge", server.address(), "--concurrency", "\(Self.concurrency)",
            "--set", "judge.endpoint.structured_output=json_schema",
        ]
    }

    private func lines(_ project: JudgedProject) throws -> [String] {
        try project.folder.lines("scored.jsonl").map { $0.withoutUsage.serialized() }
    }

    /// The calls that were answered whole, once nothing is under way any more.
    private func answered(_ server: ScriptedServer) async -> Int {
        while server.log.inFlight > 0 { await Task.yield() }
        return server.log.entries.count { $0.isAnswered && $0.hash != 0 }
    }

    @Test(
        "Stopped twice and run again it writes the same, and pays no kept answer again",
        arguments: [SIGKILL, SIGINT, SIGTERM]
    )
    func stopped(signal: Int32) async throws {
        let whole = try project()
        let steady = try await Self.judge.start()
        let undisturbed = try await whole.judge(arguments(steady))
        #expect(undisturbed.status == 3 && undisturbed.output.contains("3 refusal"), "\(undisturbed.output)")

        let project = try project()
        let server = try await Self.judge.start()
        var lost = 0
        for _ in 0..<2 {
            let start = server.log.entries.count
            let moment = Command.Moment.when { server.log.entries.count >= start + 35 }
            let result = try await project.judge(arguments(server), signal: (signal, moment))
            #expect(result.status == (signal == SIGKILL ? -SIGKILL : 130), "\(result.output)\(result.errors)")
            if signal != SIGKILL {
                #expect(result.errors.contains("run the same command again to go on"), "\(result.errors)")
                #expect(try lines(whole).starts(with: lines(project)))
            }
            lost = try await answered(server) - kept(project)
            #expect((0...2 * Self.concurrency).contains(lost))
        }
        let last = try await project.judge(arguments(server))
        #expect(last.status == 3, "\(last.errors)")
        #expect(try lines(project) == lines(whole))
        #expect(last.output.utf8.starts(with: undisturbed.output.utf8.prefix(21)), "\(last.output)")
        #expect(server.log.answeredTwice.count <= lost)
        #expect(await answered(server) <= answered(steady) + lost)
        #expect(steady.log.answeredTwice.isEmpty)
    }

    /// How many calls the project's ledger holds.
    private func kept(_ project: JudgedProject) async throws -> Int {
        let ledger = project.folder.path("scored.jsonl.ledger.sqlite")
        let stats = try await Command.run(["ledger", "stats", ledger, "--format", "json"])
        return try #require(stats.json["calls"]?.int)
    }
}
