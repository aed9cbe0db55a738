// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synthesis
import TestSupport
import Testing

/// Real rows are not part of the package; `RUBRICS_REAL_DATA` names a folder that holds them.
@Suite("Lint of real rows")
struct LintSampleTests {
    private static let folder = ProcessInfo.processInfo.environment["RUBRICS_REAL_DATA"]

    @Test(
        "Real rows are read, and no wording is taken for damage",
        .enabled(if: folder != nil, "needs RUBRICS_REAL_DATA"),
        arguments: ["rar-rows.jsonl", "healthbench-sample.jsonl"]
    )
    func samples(name: String) async throws {
        let path = try #require(Self.folder) + "/" + name
        var rules: Set<LintRule> = []
        let summary = try await RubricLinter(width: 2).lint([path]) { rules.insert($0.rule) }
        #expect(summary.rows > 0 && summary.severities[.error] == nil)
        #expect(rules.isDisjoint(with: [.unreadableRow, .mojibake, .lostEscape, .contradictoryCriteria]))
    }

    @Test("Fixing real rows twice is fixing them once", .enabled(if: folder != nil, "needs RUBRICS_REAL_DATA"))
    func fixes() async throws {
        let folder = try TemporaryFolder()
        let source = try #require(Self.folder) + "/rar-rows.jsonl"
        var passes: [Data] = []
        var path = source
        for name in ["once.jsonl", "twice.jsonl"] {
            let out = folder.path(name)
            _ = try await RubricLinter(fixes: true, width: 2).lint([path], output: { _ in out }) { _ in }
            passes.append(try #require(FileManager.default.contents(atPath: out)))
            path = out
        }
        #expect(passes[0] == passes[1])
    }
}
