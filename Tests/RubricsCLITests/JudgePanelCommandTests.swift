// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import TestSupport
import Testing

/// Several judges of `rubrics judge`, what they cost, and what may be spent.
@Suite("Panels, pools and budgets on the command line", .timeLimit(.minutes(5)))
struct JudgePanelCommandTests {
    private static let prices = #"judge.budget.prices={"127.0.0.1:judge": {input: 1000, output: 2000}}"#

    @Test("A price makes a cost: of each line, of all, and none for what the ledger has")
    func cost() async throws {
        let project = try JudgedProject()
        let server = try await WordJudge().start()
        let arguments = ["--judge", server.address(), "--set", Self.prices, "--budget", "50"]
        let result = try await project.judge(arguments)
        #expect(result.status == 0, "\(result.errors)")
        // 9 calls of 16 tokens read and 4 written.
        #expect(result.output.contains("144 tokens read, 36 written, $0.2160"), "\(result.output)")
        let costs = try project.folder.lines("scored.jsonl").map { $0["usage"]?["cost"]?.double ?? -1 }
        #expect(zip(costs, [0.072, 0.072, 0.072, 0]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(costs)")
        let again = try await project.judge(arguments)
        #expect(again.output.contains("0 made, 9 from the ledger, 0 tokens read, 0 written, $0.0000"))
    }

    @Test("A budget in dollars of a model without a price is refused before any call")
    func noPrice() async throws {
        let project = try JudgedProject()
        let server = try await WordJudge().start()
        let result = try await project.judge(["--judge", server.address(), "--budget", "1"])
        #expect(result.status == 2 && result.errors.contains("judge.budget.prices"), "\(result.errors)")
        #expect(server.calls.isEmpty)
    }

    @Test("A used-up budget leaves responses unscored; a larger one goes on, and pays nothing twice")
    func budget() async throws {
        let project = try JudgedProject()
        // A call may take 1,800 tokens or so and comes to 1,000: one at a time, six fit into 7,200.
        let server = try await WordJudge(usage: (900, 100)).start()
        let arguments = ["--judge", server.address(), "--set", "judge.endpoint.structured_output=json_schema"]
        let result = try await project.judge(arguments + ["--concurrency", "1", "--set", "judge.budget.tokens=7200"])
        #expect(result.status == 3, "\(result.errors)")
        #expect(result.output.contains(" budget\n"), "\(result.output)")
        let unscored = try project.folder.lines("scored.jsonl").filter { $0["reward"] == .null }
        #expect(!unscored.isEmpty)
        for line in unscored {
            #expect(line["unscored"]?["reason"] == "budget")
            #expect(line["unscored"]?["detail"]?.string?.contains("raise judge.budget.") == true)
        }
        let paid = server.calls.count
        #expect(paid > 0 && paid < 9)
        let more = try await project.judge(arguments)
        #expect(more.status == 0 && more.output.contains("\(9 - paid) made, \(paid) from the ledger"), "\(more.output)")
        #expect(server.log.answeredTwice.isEmpty)
    }

    @Test("A panel goes by the majority and says how it voted and how often it agreed")
    func panel() async throws {
        let project = try JudgedProject()
        let server = try await WordJudge(exception: { question in
            // The contrary model meets nothing.
            guard question.model == "contrary", question.members.last == "met" else { return nil }
            return .completion(#"{"reason": "never", "met": "no"}"#)
        }).start()
        let models = ["one", "two", "contrary"].flatMap { ["--judge", server.address(of: $0)] }
        let result = try await project.judge(models + ["--limit", "2"])
        #expect(result.status == 0, "\(result.errors)")
        let lines = try project.folder.lines("scored.jsonl")
        #expect(try project.rewards() == [1, 1 / 2.2])
        let verdict = try #require(lines[0]["verdicts"]?.array?.first)
        #expect(verdict["votes"]?.serialized() == #"{"met":2,"unmet":1,"cannot_assess":0,"unjudged":0}"#)
        #expect(verdict["judge"] == "127.0.0.1:one+127.0.0.1:two+127.0.0.1:contrary")
        #expect(lines[0]["usage"]?["calls"] == 9)
        #expect(result.output.contains("agreement   "), "\(result.output)")
    }

    @Test("A pool answers while one of its endpoints does; one that is not there at all is named before work starts")
    func pool() async throws {
        let project = try JudgedProject()
        let alive = try await WordJudge().start()
        let broken = try await WordJudge(exception: { _ in .reset }).start()
        let arguments = ["--judge", "\(alive.address()),\(broken.address())", "--concurrency", "2"]
        let result = try await project.judge(arguments + ["--set", "judge.endpoint.attempts=20"])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(alive.calls.count == 9)

        let gone = "http://127.0.0.1:1/v1#judge"
        let missing = try await project.judge(["--judge", "\(alive.address()),\(gone)"], out: "other.jsonl")
        #expect(missing.status == 2 && missing.errors.contains(gone), "\(missing.errors)")
        #expect(!FileManager.default.fileExists(atPath: project.folder.path("other.jsonl")))
    }
}
