// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// `rubrics synthesize` stopped in its middle and run again, beside one that nothing disturbs.
@Suite("Interrupted writing on the command line", .serialized, .timeLimit(.minutes(5)))
struct SynthesisInterruptionTests {
    private static let concurrency = 6

    /// A twentieth of the calls fails on the way, and half of the rubrics break a rule when they are first written.
    private func server() async throws -> ScriptedServer {
        var behavior = JudgeBehavior()
        behavior.latency = .milliseconds(15)
        behavior.faults = FaultPlan(shares: [.init(.serverError, 0.03), .init(.reset, 0.02)])
        behavior.rubrics.violations = [
            .init(.shortTitle, 0.2), .init(.duplicate, 0.2), .init(.prose, 0.1), .init(.tooFew, 0.1),
        ]
        behavior.rubrics.stubbornness = 0.3
        return try await ScriptedServer.start(behavior)
    }

    private func project() throws -> SynthesisProject {
        let project = try SynthesisProject(60)
        try project.folder.write("prompts.jsonl", project.bytes("prompts.jsonl") + Data("\n{\"id\": 1}\n".utf8))
        return project
    }

    /// What was kept aside, without the folder in the places of errors.
    private func asideText(_ project: SynthesisProject) throws -> String {
        String(decoding: try project.bytes("rubrics.jsonl.aside.jsonl"), as: UTF8.self)
            .replacing(project.folder.url.path, with: "")
    }

    private var options: [String] { ["--concurrency", "\(Self.concurrency)"] }

    /// The calls that were answered whole, once nothing is under way any more.
    private func answered(_ server: ScriptedServer) async -> Int {
        while server.log.inFlight > 0 { await Task.yield() }
        return server.log.entries.count { $0.isAnswered && $0.hash != 0 }
    }

    private func kept(_ project: SynthesisProject) async throws -> Int {
        let ledger = project.folder.path("rubrics.jsonl.ledger.sqlite")
        return try #require(try await Command.run(["ledger", "stats", ledger, "--format", "json"]).json["calls"]?.int)
    }

    @Test(
        "Stopped twice and run again it writes the same bytes, and pays no kept answer again",
        arguments: [SIGKILL, SIGINT, SIGTERM]
    )
    func stopped(signal: Int32) async throws {
        let whole = try project()
        let undisturbed = try await whole.synthesize(server(), options)
        #expect(undisturbed.status == 3, "\(undisturbed.output)\(undisturbed.errors)")

        let project = try project()
        let server = try await server()
        var lost = 0
        for _ in 0..<2 {
            let start = server.log.entries.count
            let moment = Command.Moment.when { server.log.entries.count >= start + 30 }
            let result = try await project.synthesize(server, options, signal: (signal, moment))
            #expect(result.status == (signal == SIGKILL ? -SIGKILL : 130), "\(result.output)\(result.errors)")
            if signal != SIGKILL {
                #expect(result.errors.contains("run the same command again to go on"), "\(result.errors)")
            }
            let written = try project.bytes("rubrics.jsonl")
            #expect(try whole.bytes("rubrics.jsonl").starts(with: written))
            lost = try await answered(server) - kept(project)
            #expect((0...2 * Self.concurrency).contains(lost))
        }
        let last = try await project.synthesize(server, options)
        #expect(last.status == 3, "\(last.errors)")
        #expect(try project.bytes("rubrics.jsonl") == whole.bytes("rubrics.jsonl"))
        #expect(try asideText(project).isExactly(asideText(whole)))
        #expect(server.log.answeredTwice.count <= lost)
        let again = try await project.synthesize(server, options)
        #expect(again.output.contains("calls       0 made, "), "\(again.output)")
        #expect(try project.bytes("rubrics.jsonl") == whole.bytes("rubrics.jsonl"))
    }

    @Test("A used-up budget stops the command; with a larger one it goes on and ends as if nothing had been")
    func budget() async throws {
        let price = #"budget.prices={"127.0.0.1:writer": {input: 1, output: 10}}"#
        let whole = try project()
        let undisturbed = try await whole.synthesize(server(), options + ["--set", price])
        #expect(undisturbed.status == 3, "\(undisturbed.errors)")

        let project = try project()
        let server = try await server()
        // A call comes to less than a cent, and sets aside four: fewer than six fit beside one another.
        let poor = try await project.synthesize(server, options + ["--set", price, "--budget", "0.15"])
        #expect(poor.status == 3, "\(poor.output)")
        #expect(poor.errors.contains("prompts left: the budget is used up: raise --budget"), "\(poor.errors)")
        let some = try project.rubrics().count
        #expect((3..<50).contains(some))

        let rich = try await project.synthesize(server, options + ["--set", price, "--budget", "50"])
        #expect(rich.status == 3, "\(rich.errors)")
        #expect(try project.bytes("rubrics.jsonl") == whole.bytes("rubrics.jsonl"))
        #expect(try asideText(project).isExactly(asideText(whole)))
        #expect(server.log.answeredTwice.isEmpty)
        let unpriced = try await project.synthesize(server, options + ["--budget", "1"])
        #expect(unpriced.status == 2 && unpriced.errors.contains("under budget.prices"), "\(unpriced.errors)")
    }

    @Test("What fails on the way is set aside for now, and tried by the next run")
    func outage() async throws {
        let project = try SynthesisProject(5)
        let down = try await ScriptedServer.start { request, _ in
            request.hash == 0
                ? .answer(status: 200, headers: [], body: #"{"data": []}"#)
                : .answer(status: 503, headers: [], body: "{}")
        }
        let failed = try await project.synthesize(down, ["--set", "endpoint.attempts=1"])
        #expect(failed.status == 3, "\(failed.errors)")
        #expect(try project.aside().map { $0["reason"] } == Array(repeating: "server_error", count: 5))
        #expect(failed.output.contains("5 failed on the way to the model: run the command again"), "\(failed.output)")
        let mended = try await project.synthesize(server())
        #expect(try mended.status == 0 && project.rubrics().count == 5, "\(mended.errors)")
    }
}
