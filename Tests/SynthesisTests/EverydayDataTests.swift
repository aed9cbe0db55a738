// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Rewards
import Rubrics
import Synthesis
import TestSupport
import Testing

/// The project's own data set: without findings, split by its questions, and told apart by its checks.
@Suite("The everyday data set", .timeLimit(.minutes(10)))
struct EverydayDataTests {
    private static let folder = TestEngine.root.appendingPathComponent("Data/everyday")
    private static let splits = ["train", "val", "test"]

    private static func path(_ name: String) -> String { folder.appendingPathComponent("\(name).jsonl").path }

    private static func rows(_ name: String) throws -> [RubricTask] {
        try RubricFile.tasks(in: String(contentsOfFile: path(name), encoding: .utf8), file: name)
    }

    @Test("Lint finds nothing in it")
    func lint() async throws {
        var findings: [String] = []
        _ = try await RubricLinter(width: 2).lint(Self.splits.map(Self.path)) { finding in
            findings.append("\(finding.rule.rawValue) \(finding.task ?? "") \(finding.criterion ?? "")")
        }
        #expect(findings.isEmpty)
    }

    @Test("Each row is in the split of its question, and each criterion has a check and a polarity")
    func splits() throws {
        let shares = try #require(SplitShares("train=0.8,val=0.1,test=0.1", salt: ""))
        var count = 0
        for (place, name) in Self.splits.enumerated() {
            let rows = try Self.rows(name)
            count += rows.count
            #expect(rows.allSatisfy { shares.part(of: $0) == place })
            #expect(rows.flatMap(\.criteria).allSatisfy { $0.check != nil && $0.polarity != .undecided })
        }
        #expect(count == 410)
    }

    @Test("References earn nine tenths, and a good response more than what is wrong, incomplete or empty")
    func variants() async throws {
        let tasks = try Self.splits.flatMap(Self.rows)
        let judge = try CheckJudge(preparing: tasks)
        func reward(_ text: String, _ task: RubricTask) async throws -> Double {
            let outcome = try await ExplicitReward().outcome(of: judge.assess(text, for: task), for: task)
            return try #require(outcome.value)
        }
        for task in tasks {
            let reference = try await reward(#require(task.referenceAnswer), task)
            #expect(reference >= 0.9, "\(task.id)")
        }
        var variants: [String: [AuditProbe.Kind: String]] = [:]
        let text = try String(contentsOfFile: Self.path("variants"), encoding: .utf8)
        for line in try Document.jsonLines(text, file: "variants") {
            let variant = try ProbeVariant(line.root)
            variants[variant.task, default: [:]][variant.kind] = variant.response
        }
        #expect(variants.count == 160)
        for task in tasks {
            guard let texts = variants[task.id], let best = texts[.good] else { continue }
            #expect(texts.count == 4, "\(task.id)")
            let good = try await reward(best, task)
            for (kind, text) in texts where kind != .good {
                let worse = try await reward(text, task)
                #expect(good - worse >= 0.15, "\(task.id) \(kind.rawValue)")
            }
        }
    }
}
