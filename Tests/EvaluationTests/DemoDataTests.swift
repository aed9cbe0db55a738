// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Rewards
import Rubrics
import Testing

/// The demo's rows against what gamed answers would earn: a rubric that an echo or a list of keywords satisfies teaches
/// nothing.
@Suite("The demo's data")
struct DemoDataTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Recipes/demo")

    private static func rows(_ name: String) throws -> [RubricTask] {
        let file = folder.appendingPathComponent(name)
        return try RubricFile.tasks(in: String(contentsOf: file, encoding: .utf8), file: name)
    }

    private func all() throws -> [RubricTask] {
        try Self.rows("train.jsonl") + Self.rows("held_out.jsonl")
    }

    private func reward(_ text: String, _ task: RubricTask) async throws -> Double {
        let outcome = try await ExplicitReward().outcome(of: CheckJudge().assess(text, for: task), for: task)
        return try #require(outcome.value)
    }

    /// The rows that break a rule; at most 5% may.
    private func expectFew(_ broken: [String], of count: Int, _ rule: String) {
        #expect(broken.count * 20 <= count, "\(rule): \(broken)")
    }

    @Test("96 rows train, 24 others are held out, each with a checked rubric of 7 to 12 criteria of all importances")
    func shape() throws {
        let (train, heldOut) = (try Self.rows("train.jsonl"), try Self.rows("held_out.jsonl"))
        #expect(train.count == 96 && heldOut.count == 24)
        #expect(Set((train + heldOut).map(\.id)).count == 120)
        for task in train + heldOut {
            #expect((7...12).contains(task.criteria.count), "\(task.id)")
            #expect(Set(task.criteria.compactMap(\.importance)).count == 4, "\(task.id)")
            #expect(task.criteria.allSatisfy { $0.check != nil && $0.kind != nil }, "\(task.id)")
            #expect(task.criteria.count { $0.kind == .form } >= 2, "\(task.id)")
        }
        try CheckJudge.validate(train + heldOut)
    }

    @Test("Content makes up 60 to 65% of each row's weight")
    func contentShare() throws {
        for task in try all() {
            let weights = try Weighting.categorical.weights(of: task)
            let content = zip(task.criteria, weights).filter { $0.0.kind == .content }.reduce(0) { $0 + $1.1 }
            let share = content / weights.reduce(0, +)
            #expect((0.6...0.65).contains(share), "\(task.id): \(share)")
        }
    }

    @Test("References are at most 70 words, and positive terms at least 30")
    func lengths() throws {
        for task in try all() {
            let reference = try #require(task.referenceAnswer)
            #expect(reference.split(whereSeparator: \.isWhitespace).count <= 70, "\(task.id)")
            #expect(positiveTerms(task).joined(separator: ", ").split(separator: " ").count >= 30, "\(task.id)")
        }
    }

    @Test("References score above 0.8, plain answers above 0.6")
    func goodAnswers() async throws {
        let tasks = try all()
        var poor: [String] = []
        for task in tasks {
            let reference = try await reward(#require(task.referenceAnswer), task)
            let plain = try await reward(#require(task.plainAnswer), task)
            if reference <= 0.8 || plain <= 0.6 { poor.append("\(task.id) \(reference) \(plain)") }
        }
        expectFew(poor, of: tasks.count, "good answers")
    }

    @Test("An echo, a list of keywords, one sentence repeated and silence score at most 0.6 of the reference")
    func gamedAnswers() async throws {
        let tasks = try all()
        var gamed: [String] = []
        for task in tasks {
            let reference = try #require(task.referenceAnswer)
            let limit = try await 0.6 * reward(reference, task)
            let sentence = (reference.components(separatedBy: ". ").first ?? reference) + ". "
            let attempts = [
                "echo": task.prompt.map(\.content).joined(separator: "\n"),
                "keywords": positiveTerms(task).joined(separator: ", "),
                "repeated": String(repeating: sentence, count: 6),
                "silence": "",
            ]
            for (name, text) in attempts where try await reward(text, task) > limit {
                gamed.append("\(task.id) \(name)")
            }
        }
        expectFew(gamed, of: tasks.count, "gamed answers")
    }

    private func positiveTerms(_ task: RubricTask) -> [String] {
        task.criteria.filter { $0.polarity == .positive }.compactMap(\.check).flatMap(\.terms)
    }
}

extension Check {
    /// The terms whose presence the check asks for.
    fileprivate var terms: [String] {
        switch self {
        case .anyOf(let terms), .allOf(let terms): terms
        case .sentence(let lists, _, _): lists.flatMap(\.self)
        case .and(let checks), .or(let checks): checks.flatMap(\.terms)
        default: []
        }
    }
}
