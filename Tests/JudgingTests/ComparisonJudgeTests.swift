// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics
import RubricsTesting
import Testing

@testable import Judging

@Suite("Judges that compare and rank")
struct ComparisonJudgeTests {
    private func judge(_ question: JudgeQuestion, _ model: ScriptedChatModel) throws -> LLMJudge {
        try LLMJudge(question, of: model, configuration: JudgedTask.configuration)
    }

    private func compare(_ script: @escaping @Sendable (_ responseIsFirst: Bool) throws -> String) async throws
        -> (Assessment, ScriptedChatModel)
    {
        let model = ScriptedChatModel { request, _ in
            let text = request.question
            let places = ["[response A ", "[response B "].compactMap { text.range(of: $0)?.upperBound }
            let isFirst = text[places[0]..<places[1]].contains(JudgedTask.response)
            return ChatReply(text: try script(isFirst), usage: TokenUsage(input: 10, output: 1))
        }
        return (try await judge(.comparison, model).assess(JudgedTask.response, for: JudgedTask.task), model)
    }

    // MARK: Comparisons

    @Test(
        "Both orders are asked, and win, tie and loss are averaged",
        arguments: [
            ("A", "B", 1), ("B", "A", 0), ("tie", "tie", 0.5), ("A", "A", 0.5), ("B", "B", 0.5), ("A", "tie", 0.75),
            ("tie", "A", 0.25),
        ]
    )
    func orders(whenFirst: String, whenSecond: String, expected: Double) async throws {
        let (assessment, model) = try await compare { isFirst in
            #"{"reason": "\#(isFirst ? "one" : "two")", "better": "\#(isFirst ? whenFirst : whenSecond)"}"#
        }
        #expect(assessment.rating == Rating(.rated(expected), reason: "one / two", judge: "scripted"))
        #expect(model.requests.count == 2 && assessment.usage.calls == 2 && assessment.usage.tokens.input == 20)
    }

    @Test("One order that fails leaves no number: neither order counts alone")
    func halfFailed() async throws {
        let (assessment, _) = try await compare { isFirst in
            if isFirst { return #"{"reason": "", "better": "A"}"# }
            throw ChatModelError(.timeout, "late")
        }
        #expect(assessment.rating?.failure == JudgeFailure(cause: .timeout, detail: "late"))
        #expect(assessment.usage.calls == 1)
    }

    // MARK: Rankings

    /// A model that ranks by the length of the answers, the longest first.
    private static func byLength(_ note: @escaping @Sendable ([String]) -> Void = { _ in }) -> ScriptedChatModel {
        ScriptedChatModel { request, _ in
            let passages = passages(in: request.question)
            note(passages.map(\.text))
            let order = passages.sorted { $0.text.utf8.count > $1.text.utf8.count }
            let ranking = JSONValue.array(order.map { .string($0.label) })
            return ChatReply(text: (["reason": "length", "ranking": ranking] as JSONValue).serialized())
        }
    }

    /// The labelled passages of a request.
    private static func passages(in text: String) -> [(label: String, text: String)] {
        let lines = text.split(separator: "\n").map(String.init)
        return lines.indices.filter { lines[$0].hasPrefix("[response r") }.map { place in
            (String(lines[place].split(separator: " ")[1]), lines[place + 1])
        }
    }

    private func ratings(_ group: [String], _ model: ScriptedChatModel = byLength()) async throws -> [Assessment] {
        try await judge(.ranking, model).assess(group: group, for: JudgedTask.task)
    }

    @Test("Ranks are matched by label, from one for the best to nought for the last")
    func ranking() async throws {
        let group = ["aa", "aaaaa", "a", "aaaa", "aaa"]
        #expect(try await ratings(group).map { $0.rating?.value } == [0.25, 1, 0, 0.75, 0.5])
        #expect(try judge(.ranking, Self.byLength()).needsWholeGroup)
        #expect(try !judge(.rating(.rubric), Self.byLength()).needsWholeGroup)
    }

    @Test("The second round reads the answers in reverse, so that a judge's leaning to the first cancels out")
    func reverse() async throws {
        let model = ScriptedChatModel { request, _ in
            let labels = Self.passages(in: request.question).map { JSONValue.string($0.label) }
            return ChatReply(text: (["ranking": .array(labels)] as JSONValue).serialized())
        }
        for size in 2...5 {
            let group = (1...size).map { String(repeating: "a", count: $0) }
            let values = try await ratings(group, model).compactMap { $0.rating?.value }
            #expect(values.count == size && values.allSatisfy { abs($0 - 0.5) < 1e-12 })
            let orders = model.requests.suffix(2).map { Self.passages(in: $0.question).map(\.text) }
            #expect(orders[0] == orders[1].reversed())
        }
    }

    @Test("The same group is asked about in the same words, another in others")
    func stable() async throws {
        let group = ["aa", "b", "ccc", "dddd"]
        let requests = try await [group, group, group.reversed()].asyncMap { group in
            let model = Self.byLength()
            _ = try await ratings(group, model)
            return Set(model.requests.map(\.question))
        }
        #expect(requests[0] == requests[1] && requests[0].count == 2)
    }

    @Test("Empty completions come last and cost nothing; the others share the ranks above them")
    func emptyMembers() async throws {
        let model = Self.byLength()
        let assessments = try await ratings(["", "aa", "<think>", "a"], model)
        #expect(assessments.map(\.completionIsEmpty) == [true, false, true, false])
        let values = assessments.map { $0.rating?.value }
        #expect(values[1] == 1 && abs((values[3] ?? 0) - 2.0 / 3) < 1e-12 && values[0] == nil)
        #expect(Self.passages(in: model.requests[0].question).count == 2)
    }

    @Test("A single answer beside empty ones is the best without a call; alone it has no rank")
    func few() async throws {
        let model = Self.byLength()
        #expect(try await ratings(["", "a", ""], model).map { $0.rating?.value } == [nil, 1, nil])
        #expect(try await ratings(["a"], model)[0].rating?.failure?.cause == .incomplete)
        #expect(try await ratings([""], model)[0].completionIsEmpty)
        #expect(try await ratings([], model).isEmpty)
        #expect(model.requests.isEmpty)
    }

    @Test("A round that fails leaves nobody a rank, and the calls are booked once")
    func failed() async throws {
        let model = ScriptedChatModel { _, call in
            if call == 0 { throw ChatModelError(.timeout, "late") }
            return ChatReply(text: #"{"ranking": ["r1"]}"#, usage: TokenUsage(input: 7, output: 1))
        }
        let assessments = try await ratings(["a", "aa", "aaa"], model)
        #expect(assessments.allSatisfy { $0.rating?.failure != nil })
        let usage = assessments.reduce(CallUsage.zero) { $0 + $1.usage }
        // The other round asks twice, as its ranking lacks two labels.
        #expect(usage.calls == 2 && usage.tokens.input == 14)
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
