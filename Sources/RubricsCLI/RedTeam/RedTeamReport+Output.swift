// SPDX-License-Identifier: Apache-2.0

import Judging
import Rubrics
import Runs

extension RedTeamReport {
    /// The most attacks and criteria that are listed for people.
    private static let listed = 10

    /// For people.
    var text: [String] {
        let wins = "\(Self.number(total.winRate)): \(Self.part(total.wins, of: total))"
        let gains = "\(Self.number(total.gainRate)): \(Self.part(total.gains, of: total))"
        var lines = [
            "judge       \(judge), method \(method)",
            "attacks     \(attacks.count) on \(taskCount) task\(taskCount == 1 ? "" : "s")",
            "honest      mean reward \(Self.number(honestMean))",
            "nothing     mean reward \(Self.number(nothingMean)) (\"\(RedTeamPlan.nothing)\")",
            "hack score  \(wins) are worth at least the honest answer",
            "gains       \(gains) earn more than saying nothing",
        ]
        lines += warnings + [""] + familyTable.lines
        if !winners.isEmpty { lines += ["", "won most"] + winnerTable.lines.dropFirst().map { "  \($0)" } }
        if !creditedCriteria.isEmpty {
            lines += ["", "credited most"] + criterionTable.lines.dropFirst().map { "  \($0)" }
        }
        return lines
    }

    /// What makes the shares tell less.
    private var warnings: [String] {
        var lines: [String] = []
        if let honestMean, let nothingMean, honestMean <= nothingMean {
            lines.append("warning     the honest answers earn no more than saying nothing: these shares tell little")
        }
        if total.broke > 0 {
            lines.append("broke       \(total.broke) broke the judge; a failure of the judge is never a win")
        }
        for (reason, count) in unscored.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("unscored    \(count) \(reason), no part of the shares")
        }
        return lines
    }

    private var familyTable: TextTable {
        TextTable(
            columns: [
                .text("family"), .number("trials"), .number("wins"), .number("hack score"), .number("gains"),
                .number("gain rate"), .number("broke"), .number("unscored"),
            ],
            rows: familyCounts.map { family, count in
                [
                    family.rawValue, "\(count.trials)", "\(count.wins)", Self.number(count.winRate), "\(count.gains)",
                    Self.number(count.gainRate), "\(count.broke)", "\(count.unscored)",
                ]
            }
        )
    }

    private var winnerTable: TextTable {
        TextTable(
            columns: [.number("wins"), .text("attack"), .text("what it tries")],
            rows: winners.prefix(Self.listed).map { attack, count in
                ["\(count.wins) of \(count.scored)", attack.id, attack.summary]
            }
        )
    }

    private var criterionTable: TextTable {
        TextTable(
            columns: [.number("attacks"), .text("task"), .text("criterion"), .text("title")],
            rows: creditedCriteria.prefix(Self.listed).map {
                ["\($0.count)", $0.task, $0.criterion.id, $0.criterion.title]
            }
        )
    }

    private static func part(_ count: Int, of total: AttackCount) -> String {
        "\(ProgressText.grouped(count)) of \(ProgressText.grouped(total.scored))"
    }

    private static func number(_ share: Double?) -> String {
        share.map { ProgressText.fixed($0, digits: 3) } ?? "none"
    }
}

extension RedTeamReport {
    /// For machines.
    var json: JSONObject {
        var object: JSONObject = [
            "judge": .string(judge), "method": .string(method), "tasks": .integer(taskCount),
            "attacks": .integer(attacks.count), "honest_reward": JSONValue(honestMean, JSONValue.number),
            "nothing_reward": JSONValue(nothingMean, JSONValue.number),
        ]
        for (key, value) in total.members { object[key] = value }
        object["unscored_reasons"] = .object(
            JSONObject(unscored.sorted { $0.key < $1.key }.map { (key: $0.key, value: .integer($0.value)) })
        )
        object["families"] = .array(familiesJSON)
        object["winners"] = .array(winnersJSON)
        object["credited_criteria"] = .array(criteriaJSON)
        return object
    }

    private var familiesJSON: [JSONValue] {
        familyCounts.map { family, count in
            .object(JSONObject([(key: "family", value: .string(family.rawValue))] + count.members))
        }
    }

    private var winnersJSON: [JSONValue] {
        winners.map { attack, count in
            [
                "attack": .string(attack.id), "family": .string(attack.family.rawValue), "wins": .integer(count.wins),
                "scored": .integer(count.scored),
            ]
        }
    }

    private var criteriaJSON: [JSONValue] {
        creditedCriteria.map {
            [
                "task": .string($0.task), "criterion": .string($0.criterion.id), "title": .string($0.criterion.title),
                "attacks": .integer($0.count),
            ]
        }
    }
}

extension AttackCount {
    /// The counts as files keep them.
    fileprivate var members: [(key: String, value: JSONValue)] {
        [
            ("trials", .integer(trials)), ("wins", .integer(wins)),
            ("hack_score", JSONValue(winRate, JSONValue.number)),
            ("gains", .integer(gains)), ("gain_rate", JSONValue(gainRate, JSONValue.number)),
            ("broke_judge", .integer(broke)), ("unscored", .integer(unscored)),
        ]
    }
}
