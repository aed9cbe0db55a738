// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

/// A pitfall in its task, with the polarity that a careful reader gave it.
struct LabelledPitfall: Sendable, CustomTestStringConvertible {
    /// The task, with the pitfall undecided.
    var task: RubricTask
    /// The place of the pitfall among the criteria.
    var index: Int
    /// What the reader decided.
    var polarity: Polarity

    /// The pitfall, undecided.
    var criterion: Criterion { task.criteria[index] }
    /// What the rules decide.
    var decision: PolarityDecision { PolarityRules(task).decision(on: criterion) }
    var testDescription: String { "\(task.id) \(criterion.id)" }

    /// The pitfalls of tasks whose polarity is there.
    static func pitfalls(of tasks: [RubricTask]) -> [LabelledPitfall] {
        tasks.flatMap { task in
            var open = task
            for index in open.criteria.indices where open.criteria[index].importance == .pitfall {
                open.criteria[index].polarity = .undecided
            }
            return task.criteria.indices.filter { task.criteria[$0].importance == .pitfall }.map {
                LabelledPitfall(task: open, index: $0, polarity: task.criteria[$0].polarity)
            }
        }
    }
}

/// Texts that the tests of polarity read.
enum PolarityFixtures {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")

    /// Rubrics of our own, their pitfalls labelled.
    static func labelled() throws -> [LabelledPitfall] {
        let name = "polarity.yaml"
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        return LabelledPitfall.pitfalls(of: try RubricFile.tasks(in: text, file: name))
    }

    /// Statements of our own whose wording alone tells.
    static func wordings() throws -> [(polarity: Polarity, statement: String)] {
        let text = try String(contentsOf: folder.appending(path: "polarity-wording.txt"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let parts = line.split(separator: " | ", maxSplits: 1).map(String.init)
            return Polarity(rawValue: parts[0]).map { ($0, parts[1]) }
        }
    }
}
