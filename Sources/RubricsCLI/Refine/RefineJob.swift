// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Synthesis

/// Refines rows one after another and counts.
struct RefineJob {
    /// What became of the rows.
    struct Summary {
        var rows = 0
        var unchanged = 0
        var refined = 0
        var removed: [String: Int] = [:]
        var setAside = 0
        var outdated = 0
        var unaudited = 0
        var unreadable = 0

        /// Whether some of what was asked for could not be done.
        var isPartial: Bool { setAside + outdated + unreadable > 0 }

        /// A few lines for people.
        var text: String {
            let counts = [
                ("refined", refined), ("unchanged", unchanged), ("set aside", setAside),
                ("audited in another version, unchanged", outdated), ("not audited, unchanged", unaudited),
                ("unreadable, left out", unreadable),
            ]
            let rows = counts.filter { $0.1 > 0 }.map { "  \(ProgressText.grouped($0.1)) \($0.0)" }
            let reasons = removed.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { "  \(ProgressText.grouped($0.value)) \($0.key)" }
            let criteria = reasons.isEmpty ? [] : ["criteria taken out"] + reasons
            return (["rows \(ProgressText.grouped(self.rows))"] + rows + criteria).joined(separator: "\n") + "\n"
        }
    }

    private let refinement: Refinement
    private let verdicts: [ExactText: AuditVerdict]
    private let out: LineFile
    private let aside: LineFile
    private var summary = Summary()

    /// Makes the files, or empties them.
    ///
    /// - Throws: ``CommandFailure`` when one cannot be written.
    init(_ refinement: Refinement, verdicts: [ExactText: AuditVerdict], out: String, aside: String) throws {
        self.refinement = refinement
        self.verdicts = verdicts
        self.out = try LineFile(out)
        self.aside = try LineFile(aside)
    }

    /// Takes the next row.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    mutating func take(_ row: RubricRowFile.Row) throws {
        summary.rows += 1
        switch row.task {
        case .failure(let error):
            summary.unreadable += 1
            Terminal.writeError("\(error)\n")
        case .success(let task): try take(task)
        }
    }

    private mutating func take(_ task: RubricTask) throws {
        guard let verdict = verdicts[ExactText(task.id)] else {
            summary.unaudited += 1
            return try out.write(task.json)
        }
        switch refinement.refine(task, by: verdict) {
        case .unchanged:
            summary.unchanged += 1
            try out.write(task.json)
        case .outdated:
            summary.outdated += 1
            try out.write(task.json)
        case .refined(let refined):
            summary.refined += 1
            count(refined, from: task)
            try out.write(refined.json)
        case .setAside(let reason):
            summary.setAside += 1
            try aside.write(["reason": .string(reason), "row": task.json])
        }
    }

    private mutating func count(_ refined: RubricTask, from task: RubricTask) {
        let known = task.provenance?.changes.count ?? 0
        for change in refined.provenance?.changes.dropFirst(known) ?? [] {
            let kind = change.reason.prefix { $0 != ":" }
            summary.removed[String(kind), default: 0] += 1
        }
    }

    /// Makes the files durable.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    func finish() throws -> Summary {
        try out.finish()
        try aside.finish()
        return summary
    }
}
