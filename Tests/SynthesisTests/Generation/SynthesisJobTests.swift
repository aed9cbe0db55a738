// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import Synchronization
import Synthesis
import Testing

@Suite("Working through prompts", .timeLimit(.minutes(1)))
struct SynthesisJobTests {
    /// Keeps rows waiting until they are let go.
    private final class Gate: Sendable {
        private struct State {
            var begun: [String] = []
            var waiting: [String: CheckedContinuation<Void, Never>] = [:]
        }

        private let state = Mutex(State())
        var begun: [String] { state.withLock(\.begun) }

        func pass(_ id: String) async {
            await withCheckedContinuation { waiter in
                state.withLock { state in
                    state.begun.append(id)
                    state.waiting[id] = waiter
                }
            }
        }

        /// Lets one of the waiting rows go, but none of those named; whether there was one.
        func open(except held: Set<String>, draw: UInt64) -> Bool {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                let names = state.waiting.keys.filter { !held.contains($0) }.sorted()
                guard !names.isEmpty else { return nil }
                return state.waiting.removeValue(forKey: names[Int(draw % UInt64(names.count))])
            }
            waiter?.resume()
            return waiter != nil
        }
    }

    private static func row(_ number: Int) -> PromptRow {
        PromptRow(id: "p\(number)", prompt: [Message(role: .user, content: "p")])
    }

    private static func outcome(_ row: PromptRow, _ cause: JudgeFailure.Cause? = nil) -> SynthesizedRow {
        SynthesizedRow(row, rubric: .failure(SetAside(cause.map { .failed($0) } ?? .items, "because")))
    }

    /// Runs a job over rows p0, p1, …, of which some places hold errors; gives the identifiers in their order.
    private func run(
        _ count: Int,
        errors: Set<Int> = [],
        limits: SynthesisJob.Limits,
        finished: (SynthesisLine) -> Void = { _ in },
        _ synthesize: @escaping @Sendable (PromptRow) async throws -> SynthesizedRow
    ) async throws -> (ending: SynthesisJob.Ending, ids: [String?]) {
        var next = 0
        var ids: [String?] = []
        let ending = try await SynthesisJob(limits, synthesize: synthesize).run(
            next: {
                guard next < count else { return nil }
                defer { next += 1 }
                let isError = errors.contains(next)
                return PromptFile.Entry(
                    line: next + 1,
                    row: isError ? .failure(DocumentError(file: "f", message: "bad")) : .success(Self.row(next))
                )
            },
            finished: finished,
            emit: { line in
                let value = try JSONParser.parse(line.aside ?? [], file: "line")
                ids.append(value["id"]?.string)
            }
        )
        return (ending, ids)
    }

    @Test("Lines come in the rows' order, whatever ends first", arguments: 0..<20)
    func order(seed: Int) async throws {
        var draws = SplitMix64(seed: UInt64(seed))
        let errors = Set((0..<60).filter { _ in draws.uniform() < 0.1 })
        let gate = Gate()
        let limits = SynthesisJob.Limits(rowsInWork: 5, rowsHeld: 9)
        async let result = run(60, errors: errors, limits: limits) { row in
            await gate.pass(row.id)
            return Self.outcome(row)
        }
        var opened = 0
        while opened < 60 - errors.count {
            if gate.open(except: [], draw: draws.next()) { opened += 1 } else { await Task.yield() }
        }
        let (ending, ids) = try await result
        #expect(ending == .complete)
        #expect(ids == (0..<60).map { errors.contains($0) ? nil : "p\($0)" })
    }

    @Test("A straggler lets a limited number of rows behind it finish")
    func straggler() async throws {
        let gate = Gate()
        let limits = SynthesisJob.Limits(rowsInWork: 4, rowsHeld: 10)
        async let result = run(50, limits: limits) { row in
            await gate.pass(row.id)
            return Self.outcome(row)
        }
        var opened = 0
        while opened < 9 {
            if gate.open(except: ["p0"], draw: 0) { opened += 1 } else { await Task.yield() }
        }
        for _ in 0..<200 { await Task.yield() }
        #expect(gate.begun.count == 10)
        while opened < 50 {
            if gate.open(except: [], draw: 0) { opened += 1 } else { await Task.yield() }
        }
        #expect(try await result.ids.count == 50)
    }

    @Test("A file of errors alone comes to its end")
    func errorsAlone() async throws {
        let limits = SynthesisJob.Limits(rowsInWork: 2, rowsHeld: 3)
        let (ending, ids) = try await run(40, errors: Set(0..<40), limits: limits) { Self.outcome($0) }
        #expect(ending == .complete && ids.count == 40)
    }

    @Test("What a budget refuses beside others waits for them; refused alone it ends the job")
    func budget() async throws {
        // Two calls fit at a time; five rows are paid for, and then nothing is left.
        let state = Mutex((open: 0, paid: 0))
        let limits = SynthesisJob.Limits(rowsInWork: 4, rowsHeld: 100)
        let (ending, ids) = try await run(30, limits: limits) { row in
            let isRefused = state.withLock { state in
                if state.open == 2 || state.paid + state.open >= 5 { return true }
                state.open += 1
                return false
            }
            if isRefused { return Self.outcome(row, .budget) }
            for _ in 0..<20 { await Task.yield() }
            state.withLock { ($0.open, $0.paid) = ($0.open - 1, $0.paid + 1) }
            return Self.outcome(row)
        }
        #expect(ending == .stopped(SetAside(.failed(.budget), "because")))
        #expect(ids.count == 5 && Set(ids).count == 5)
    }

    @Test("An account that is closed ends the job at once", arguments: [JudgeFailure.Cause.auth, .quota])
    func account(cause: JudgeFailure.Cause) async throws {
        let limits = SynthesisJob.Limits(rowsInWork: 3, rowsHeld: 100)
        let (ending, ids) = try await run(200, limits: limits) { Self.outcome($0, cause) }
        #expect(ending == .stopped(SetAside(.failed(cause), "because")))
        #expect((1...3).contains(ids.count))
    }

    @Test(
        "What goes wrong on the way to one row does not end the job",
        arguments: [JudgeFailure.Cause.timeout, .refusal]
    )
    func others(cause: JudgeFailure.Cause) async throws {
        let limits = SynthesisJob.Limits(rowsInWork: 3, rowsHeld: 100)
        let (ending, ids) = try await run(20, limits: limits) { Self.outcome($0, cause) }
        #expect(ending == .complete && ids.count == 20)
    }

    @Test("Bytes that wait are limited too")
    func bytes() async throws {
        let gate = Gate()
        let limits = SynthesisJob.Limits(rowsInWork: 2, rowsHeld: 1000, bytesHeld: 1000)
        async let result = run(100, limits: limits) { row in
            await gate.pass(row.id)
            return Self.outcome(row)
        }
        // A line has about 90 bytes.
        var idle = 0
        while idle < 2000 {
            if gate.open(except: ["p0"], draw: 0) { idle = 0 } else { idle += 1 }
            await Task.yield()
        }
        #expect((8...20).contains(gate.begun.count))
        var opened = gate.begun.count - 1
        while opened < 100 {
            if gate.open(except: [], draw: 0) { opened += 1 } else { await Task.yield() }
        }
        #expect(try await result.ids.count == 100)
    }
}
