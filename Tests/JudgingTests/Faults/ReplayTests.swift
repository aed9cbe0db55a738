// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import JudgeServer
import Judging
import Ledger
import Rewards
import Rubrics
import TestSupport
import Testing

/// A panel of two judges over a ledger on disk, with faults: what was recorded gives the same rewards again.
@Suite("Replay", .timeLimit(.minutes(10)))
struct ReplayTests {
    /// Half of each vote's first two attempts goes wrong, and later ones go well: calls have two attempts, so a quarter of
    /// them fails in the first run and none in the second.
    private static func faults(votes: Int) -> FaultPlan {
        let shares: [(Fault, Double)] = [
            (.reset, 0.1), (.rateLimit, 0.1), (.serverError, 0.1), (.truncatedBody, 0.04), (.truncatedJSON, 0.04),
            (.empty, 0.04), (.refusal, 0.04), (.wrongIDs, 0.04),
        ]
        return FaultPlan(shares: shares.map { .init($0, $1, attempts: 0..<2 * votes) })
    }

    private static let policy = RetryPolicy(attempts: 2, firstDelay: .milliseconds(2))
    private static let completions = (1...6).map { "Answer \($0): lean forward for \($0) minutes." }

    /// Two judges who do not agree, and how often they vote.
    private struct Panel {
        let servers: [ScriptedServer]
        let mode: JudgeMode
        let votes: Int

        init(_ mode: JudgeMode, votes: Int) async throws {
            var servers: [ScriptedServer] = []
            for seed in UInt64(1)...2 {
                var behavior = JudgeBehavior()
                (behavior.seed, behavior.faults) = (seed, ReplayTests.faults(votes: votes))
                servers.append(try await ScriptedServer.start(behavior, keepsRequests: false))
            }
            (self.servers, self.mode, self.votes) = (servers, mode, votes)
        }

        var log: [RequestLog.Entry] { servers.flatMap(\.log.entries) }

        func stack(over ledger: Ledger) -> JudgeStack {
            var stack = JudgeStack(mode.method, at: servers[0].baseURL, policy: ReplayTests.policy)
            stack.endpoints = zip(["first", "second"], servers).map { .init(model: $0, baseURL: $1.baseURL) }
            (stack.store, stack.votes) = (ledger, votes)
            return stack
        }

        func stop() async throws {
            for server in servers { try await server.stop() }
        }
    }

    @Test(
        "Rewards and verdicts come again from the ledger alone; a second run pays for no answer twice and tries failures again",
        arguments: JudgeMode.allCases,
        [1, 2]
    )
    func replay(mode: JudgeMode, votes: Int) async throws {
        let folder = try TemporaryFolder()
        let panel = try await Panel(mode, votes: votes)
        let live = try await run(panel, in: folder)
        let requests = panel.log.count
        try await expectReplayed(live, panel, in: folder)
        #expect(panel.log.count == requests)

        let again = try await run(panel, in: folder)
        try await panel.stop()
        expectPaidOnce(panel)
        expectSettled(again, after: live, newRequests: panel.log.count - requests)
        // With so many calls some must have failed in the end.
        #expect(mode != .oneCriterionACall || live.contains { !$0.assessment.failures.isEmpty })
    }

    /// Grades everything over HTTP and keeps what rewards were made from.
    private func run(_ panel: Panel, in folder: TemporaryFolder) async throws -> [Grade] {
        let ledger = try ledger(in: folder)
        let grades = try await panel.stack(over: ledger).grades(of: Self.completions, for: panel.mode.task)
        for (place, grade) in grades.enumerated() {
            try await ledger.record(
                StoredReward(
                    subject: "\(place)",
                    method: panel.mode.rawValue,
                    reward: grade.outcome.value,
                    verdicts: .null,
                    failures: grade.assessment.failures
                )
            )
        }
        return grades
    }

    private func ledger(in folder: TemporaryFolder) throws -> Ledger {
        try Ledger(at: folder.path("ledger.sqlite")) { 0 }
    }

    /// The ledger, opened anew, gives what the run gave, bit for bit.
    private func expectReplayed(_ live: [Grade], _ panel: Panel, in folder: TemporaryFolder) async throws {
        let ledger = try ledger(in: folder)
        for (place, grade) in live.enumerated() {
            let stored = try #require(try await ledger.reward(of: "\(place)", method: panel.mode.rawValue))
            let replayer = try panel.stack(over: ledger).replayer(failures: stored.failures)
            let replayed = try await replayer.grade(group: Self.group(of: place, panel.mode), for: panel.mode.task)
            let found = replayed[panel.mode == .listwise ? place : 0]
            #expect(found.outcome == grade.outcome && stored.reward == grade.outcome.value)
            #expect(found.assessment.verdicts == grade.assessment.verdicts)
            #expect(found.assessment.rating == grade.assessment.rating)
            #expect(found.assessment.usage.calls == found.assessment.usage.recorded)
        }
    }

    private static func group(of place: Int, _ mode: JudgeMode) -> [String] {
        mode == .listwise ? completions : [completions[place]]
    }

    /// Each vote was answered at most once, over both runs.
    private func expectPaidOnce(_ panel: Panel) {
        let answers = Dictionary(grouping: panel.log.filter(\.isAnswered), by: \.hash)
        #expect(answers.values.allSatisfy { $0.count <= panel.votes })
        if panel.votes == 1 { #expect(panel.servers.allSatisfy { $0.log.answeredTwice.isEmpty }) }
    }

    /// What had failed in transport was asked again and is judged; what had not stands as it was.
    private func expectSettled(_ again: [Grade], after live: [Grade], newRequests: Int) {
        let failed = live.reduce(into: Set<CallKey>()) { $0.formUnion($1.assessment.failures.keys) }
        #expect(newRequests >= failed.count && (newRequests > 0) == !failed.isEmpty)
        for (second, first) in zip(again, live) {
            #expect(second.assessment.unjudged.allSatisfy { $0.cause.isContentBound })
            guard first.assessment.failures.isEmpty else { continue }
            #expect(second.outcome == first.outcome && second.assessment.verdicts == first.assessment.verdicts)
        }
    }
}
