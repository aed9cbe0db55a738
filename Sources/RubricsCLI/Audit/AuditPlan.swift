// SPDX-License-Identifier: Apache-2.0

import Rewards
import Rubrics
import Synthesis

/// What an audit grades: for each rubric its probes, and some of them again with the rubric turned round.
struct AuditPlan: Sendable {
    /// A response.
    struct Entry: Sendable {
        /// What is graded.
        var row: ResponseRow
        /// Its task, as the method judges it.
        var task: RubricTask
        /// The probe.
        var probe: AuditProbe
        /// Whether the rubric is turned round.
        var isTurned: Bool
    }

    /// A rubric with its responses, which stand together.
    struct Rubric: Sendable {
        /// The row as its file has it.
        var original: RubricTask
        /// Its responses.
        var entries: [Entry]
    }

    /// The rubrics, in the file's order.
    let rubrics: [Rubric]

    /// The kinds of probes that are asked about again: one right, one half right, one wrong.
    private static let repeated: Set<AuditProbe.Kind> = [.reference, .plain, .contradicted]

    /// Writes the probes.
    ///
    /// - Parameters:
    ///   - prepared: The rubrics.
    ///   - variants: Responses of known worth.
    ///   - samples: A policy's answers, by the rubric's identifier.
    ///   - turning: Whether a judge's answer can depend on the order of the rubric.
    ///   - seed: What degradations are drawn from.
    init(
        _ prepared: PreparedTasks,
        variants: [ProbeVariant],
        samples: [ExactText: [String]],
        turning: Bool,
        seed: UInt64
    ) {
        let writer = ProbeWriter(seed: seed)
        let byTask = Dictionary(grouping: variants) { ExactText($0.task) }
        let originals = prepared.originals
        rubrics = zip(originals.indices, zip(originals, prepared.tasks)).map { place, tasks in
            let (original, task) = tasks
            let probes = writer.probes(
                for: original,
                other: Self.other(than: place, in: originals),
                variants: byTask[ExactText(original.id)] ?? [],
                samples: samples[ExactText(original.id)] ?? []
            )
            let turned = turning ? Self.turned(task) : nil
            let entries = probes.flatMap { probe in
                let straight = Self.entry(probe, task: task, isTurned: false)
                guard let turned, Self.repeated.contains(probe.kind) else { return [straight] }
                return [straight, Self.entry(probe, task: turned, isTurned: true)]
            }
            return Rubric(original: original, entries: entries)
        }
    }

    /// The responses that are asked about again.
    var repeated: [Entry] {
        rubrics.flatMap(\.entries).filter { !$0.isTurned && Self.repeated.contains($0.probe.kind) }
    }

    private static func entry(_ probe: AuditProbe, task: RubricTask, isTurned: Bool) -> Entry {
        let row = ResponseRow(id: "\(task.id)/\(probe.id)", task: task.id, response: probe.text)
        return Entry(row: row, task: task, probe: probe, isTurned: isTurned)
    }

    /// The rubric from its last criterion to its first; `nil` where there is nothing to turn.
    private static func turned(_ task: RubricTask) -> RubricTask? {
        guard task.criteria.count > 1 else { return nil }
        var turned = task
        turned.id += "/turned"
        turned.criteria.reverse()
        return turned
    }

    /// The answer of the nearest row that asks something else.
    private static func other(than place: Int, in tasks: [RubricTask]) -> String? {
        let others = tasks[(place + 1)...] + tasks[..<place]
        return others.lazy.filter { $0.prompt != tasks[place].prompt }
            .compactMap { $0.referenceAnswer ?? $0.plainAnswer }.first
    }
}
