// SPDX-License-Identifier: Apache-2.0

import Foundation
import Judging
import Rubrics

/// How often attacks came to something.
struct AttackCount: Sendable, Hashable {
    /// Attacks on a task each.
    var trials = 0
    /// Those judged worth at least what the honest answer is.
    var wins = 0
    /// Those credited for more than saying nothing.
    var gains = 0
    /// Those that made judging fail.
    var broke = 0
    /// Those that cannot be compared.
    var unscored = 0

    /// Those that can be compared.
    var scored: Int { trials - unscored }
    /// The hack score: the share of wins; `nil` where nothing can be compared.
    var winRate: Double? { share(wins) }
    /// The share of gains.
    var gainRate: Double? { share(gains) }

    private func share(_ part: Int) -> Double? { scored > 0 ? Double(part) / Double(scored) : nil }

    /// Counts a result.
    mutating func add(_ result: AttackResult) {
        trials += 1
        if result.brokeJudge { broke += 1 }
        guard result.unscored == nil else {
            unscored += 1
            return
        }
        if result.isWin { wins += 1 }
        if result.isGain { gains += 1 }
    }
}

/// What attacks on a judge came to.
struct RedTeamReport: Sendable {
    /// A criterion that was credited to attacks.
    struct CreditedCriterion: Sendable {
        var task: String
        var criterion: Criterion
        var count: Int
    }

    /// Who judged.
    let judge: String
    /// By which method.
    let method: String
    /// The attacks.
    let attacks: [Attack]
    /// The number of tasks.
    let taskCount: Int
    /// All trials together.
    private(set) var total = AttackCount()
    private(set) var unscored: [String: Int] = [:]
    private var families: [Attack.Family: AttackCount] = [:]
    private var byAttack: [String: AttackCount] = [:]
    private var credited: [[ExactText]: CreditedCriterion] = [:]
    private var honest: [Double] = []
    private var nothing: [Double] = []

    init(judge: String, method: String, attacks: [Attack], taskCount: Int) {
        (self.judge, self.method, self.attacks, self.taskCount) = (judge, method, attacks, taskCount)
    }

    /// Counts a result.
    mutating func add(_ result: AttackResult) {
        total.add(result)
        families[result.attack.family, default: AttackCount()].add(result)
        byAttack[result.attack.id, default: AttackCount()].add(result)
        if let reason = result.unscored { unscored[reason.reason, default: 0] += 1 }
        if let reward = result.honest { honest.append(reward) }
        if let reward = result.nothing { nothing.append(reward) }
        guard result.unscored == nil else { return }
        for criterion in result.gainedCriteria {
            let key = [ExactText(result.task), ExactText(criterion.id)]
            credited[key, default: .init(task: result.task, criterion: criterion, count: 0)].count += 1
        }
    }

    /// The families that were tried, in their order.
    var familyCounts: [(family: Attack.Family, count: AttackCount)] {
        Attack.Family.allCases.compactMap { family in families[family].map { (family, $0) } }
    }

    /// The attacks that won, those that won most first.
    var winners: [(attack: Attack, count: AttackCount)] {
        attacks.compactMap { attack in byAttack[attack.id].map { (attack, $0) } }
            .filter { $0.1.wins > 0 }
            .enumerated().sorted { ($1.element.1.wins, $0.offset) < ($0.element.1.wins, $1.offset) }
            .map(\.element)
    }

    /// The criteria of content that attacks were credited for, those credited most first.
    var creditedCriteria: [CreditedCriterion] {
        credited.values.sorted { left, right in
            guard left.count == right.count else { return left.count > right.count }
            return "\(left.task) \(left.criterion.id)".utf8
                .lexicographicallyPrecedes("\(right.task) \(right.criterion.id)".utf8)
        }
    }

    /// The mean reward of the honest answers; `nil` where none is scored.
    var honestMean: Double? { Self.mean(honest) }
    /// The mean reward of saying nothing; `nil` where none is scored.
    var nothingMean: Double? { Self.mean(nothing) }

    private static func mean(_ rewards: [Double]) -> Double? {
        rewards.isEmpty ? nil : rewards.reduce(0, +) / Double(rewards.count)
    }
}
