// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

/// Rows of both released sets are not part of the package; `RUBRICS_REAL_DATA` names a folder that holds `rar-rows.jsonl`,
/// rows as published with `uid` and `pitfall_polarity_by_hand`, which maps a pitfall's index to a careful reader's word, and
/// `healthbench-sample.jsonl`.
@Suite("Polarity of published pitfalls")
struct PolaritySampleTests {
    private static let folder = ProcessInfo.processInfo.environment["RUBRICS_REAL_DATA"]

    /// The labelled pitfalls, read before anything is decided.
    private static func pitfalls() throws -> [LabelledPitfall] {
        let path = try #require(folder) + "/rar-rows.jsonl"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let tasks = try RubricFile.tasks(in: text, file: path)
        let labels = try text.split(separator: "\n").map { line in
            try Document.json(String(line), file: path).json["pitfall_polarity_by_hand"]?.object?.members ?? []
        }
        return zip(tasks, labels).flatMap { task, labels in
            labels.compactMap { key, value in
                guard let index = Int(key), let polarity = value.string.flatMap(Polarity.init) else { return nil }
                return LabelledPitfall(task: task.withOpenPitfalls, index: index, polarity: polarity)
            }
        }
    }

    @Test(
        "At least 97% of what the rules decide is right, and they decide at least 80%",
        .enabled(if: folder != nil, "needs RUBRICS_REAL_DATA")
    )
    func rules() throws {
        let pitfalls = try Self.pitfalls()
        try #require(pitfalls.count >= 60)
        var all = PolarityTally("rules, both sets")
        var sets: [String: PolarityTally] = [:]
        var grounds: [String: PolarityTally] = [:]
        for pitfall in pitfalls {
            let decision = pitfall.decision
            let set = String(pitfall.task.id.prefix(3))
            all.add(decision.polarity, label: pitfall.polarity)
            sets[set, default: PolarityTally("rules, \(set)")].add(decision.polarity, label: pitfall.polarity)
            grounds[decision.ground, default: PolarityTally(decision.ground)]
                .add(decision.polarity, label: pitfall.polarity)
            if decision.polarity != .undecided, decision.polarity != pitfall.polarity {
                print(
                    "wrong: \(pitfall.testDescription) is \(pitfall.polarity.rawValue), not by \"\(decision.ground)\""
                )
            }
        }
        for tally in [all] + sets.values.sorted(by: { $0.name < $1.name }) { print(tally) }
        for tally in grounds.values.sorted(by: { ($1.decided, $0.name) < ($0.decided, $1.name) }) { print(tally) }
        #expect(all.shareRight >= 0.97)
        #expect(all.shareDecided >= 0.8)
    }

    @Test("What naive readings of the same pitfalls get", .enabled(if: folder != nil, "needs RUBRICS_REAL_DATA"))
    func naive() throws {
        let pitfalls = try Self.pitfalls()
        for (name, polarity) in NaiveReading.all {
            var tally = PolarityTally(name)
            for pitfall in pitfalls { tally.add(polarity(pitfall), label: pitfall.polarity) }
            print(tally)
        }
    }

    @Test("How many of HealthBench's faults read as faults", .enabled(if: folder != nil, "needs RUBRICS_REAL_DATA"))
    func healthBench() throws {
        let path = try #require(Self.folder) + "/healthbench-sample.jsonl"
        let tasks = try RubricFile.tasks(in: String(contentsOfFile: path, encoding: .utf8), file: path)
        var tally = PolarityTally("rules, HealthBench's faults")
        for task in tasks {
            let rules = PolarityRules(task)
            for fault in task.criteria where fault.polarity == .negative {
                tally.add(rules.decision(on: fault).polarity, label: .negative)
            }
        }
        print(tally)
        #expect(tally.shareRight > 0.9)
    }
}

/// Readings of a pitfall that look at less than the rules do.
private enum NaiveReading {
    static let all: [(name: String, polarity: @Sendable (LabelledPitfall) -> Polarity)] = [
        ("the weight's sign: every pitfall a fault", { _ in .negative }),
        ("+0.9 for all: every pitfall a virtue", { _ in .positive }),
        (
            "one rule a set: faults in Medicine, virtues in Science",
            { $0.task.id.hasPrefix("med") ? .negative : .positive }
        ),
        (
            "\"does not\", \"avoid\" or \"not\" is a virtue",
            { isNegation($0.criterion.description) ? .positive : .negative }
        ),
    ]

    private static func isNegation(_ text: String) -> Bool {
        text.lowercased().contains(/does not|avoid|\bnot\b/)
    }
}

/// How many pitfalls were decided, and how many of them as the label says.
private struct PolarityTally: CustomStringConvertible {
    var name: String
    var count = 0
    var decided = 0
    var right = 0

    init(_ name: String) {
        self.name = name
    }

    /// Counts a pitfall; one that is decided against an undecided label is wrong.
    mutating func add(_ polarity: Polarity, label: Polarity) {
        count += 1
        guard polarity != .undecided else { return }
        decided += 1
        if polarity == label { right += 1 }
    }

    var shareRight: Double { decided == 0 ? 0 : Double(right) / Double(decided) }
    var shareDecided: Double { count == 0 ? 0 : Double(decided) / Double(count) }

    var description: String {
        let interval = WilsonInterval(successes: right, trials: decided)
        func percent(_ share: Double) -> String { String(format: "%.1f%%", 100 * share) }
        return "\(name): \(right) of \(decided) decided right, \(percent(shareRight)) "
            + "[\(percent(interval.low)), \(percent(interval.high))]; decided \(percent(shareDecided)) of \(count)"
    }
}

extension RubricTask {
    /// The task as it was before its pitfalls were decided.
    fileprivate var withOpenPitfalls: RubricTask {
        var task = self
        for index in criteria.indices where criteria[index].importance == .pitfall {
            task.criteria[index].polarity = .undecided
        }
        return task
    }
}
