// SPDX-License-Identifier: Apache-2.0

import Judging
import Rewards
import Rubrics
import Runs

/// Compares each attack with the two answers before it, writes the lines, and counts.
struct RedTeamSink: ScoredLineSink {
    private let plan: RedTeamPlan
    private let contentFailures: ContentFailurePolicy
    private let file: LineFile
    private var next = 0
    private var baselines: (honest: ScoredLine, nothing: ScoredLine)?
    private var honest: ScoredLine?
    private var report: RedTeamReport

    /// Makes the file, or empties it.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written.
    init(_ plan: RedTeamPlan, settings: GradingSettings, judge: String, out: String) throws {
        self.plan = plan
        contentFailures = settings.reward.contentFailures
        file = try LineFile(out)
        report = RedTeamReport(
            judge: judge,
            method: settings.method.name.rawValue,
            attacks: plan.attacks,
            taskCount: plan.taskCount
        )
    }

    mutating func add(_ line: ScoredLine) throws {
        let entry = plan.entries[next]
        next += 1
        var result: AttackResult?
        switch entry.role {
        case .honest: honest = line
        case .nothing: baselines = honest.map { ($0, line) }
        case .attack(let attack):
            guard let baselines else { break }
            let lines = (attack: line, honest: baselines.honest, nothing: baselines.nothing)
            result = try AttackResult(attack, on: entry.taskID, lines, contentFailures: contentFailures)
        }
        if let result { report.add(result) }
        try file.write(.object(line.redTeamJSON(entry, judge: report.judge, result)))
    }

    func finish() throws -> RedTeamReport {
        try file.finish()
        return report
    }
}

extension ScoredLine {
    /// A line of `redteam.jsonl`: the line as graded by itself, and for an attack what it came to.
    fileprivate func redTeamJSON(_ entry: RedTeamPlan.Entry, judge: String, _ result: AttackResult?) -> JSONObject {
        var object: JSONObject = [
            "task": .string(entry.taskID), "role": .string(entry.role.word), "judge": .string(judge),
        ]
        for (key, value) in json.object?.members ?? [] { object[key] = value }
        guard let result else { return object }
        object["reward"] = JSONValue(result.reward, JSONValue.number)
        object["unscored"] = JSONValue(result.unscored) {
            ["reason": .string($0.reason), "detail": .string($0.detail)]
        }
        object["attack"] = .string(result.attack.id)
        object["family"] = .string(result.attack.family.rawValue)
        object["honest_reward"] = JSONValue(result.honest, JSONValue.number)
        object["nothing_reward"] = JSONValue(result.nothing, JSONValue.number)
        object["win"] = .bool(result.isWin)
        object["gain"] = .bool(result.isGain)
        object["gained_criteria"] = .array(result.gainedCriteria.map { .string($0.id) })
        object["broke_judge"] = .bool(result.brokeJudge)
        return object
    }
}
