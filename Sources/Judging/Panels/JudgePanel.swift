// SPDX-License-Identifier: Apache-2.0

import ChatModels
public import Rubrics

/// Several judges, or several votes of one, whose findings are combined.
public struct JudgePanel: Judge {
    /// A judge with the weight of its vote.
    public struct Member: Sendable {
        /// The judge.
        public var judge: any Judge
        /// What its vote counts, above 0.
        public var weight: Double

        /// Makes a member.
        public init(_ judge: any Judge, weight: Double = 1) {
            self.judge = judge
            self.weight = weight
        }
    }

    /// How ratings are combined; verdicts go by the larger weight of votes.
    public enum Combination: String, Sendable, Hashable, Codable, CaseIterable {
        /// The weighted mean.
        case mean
        /// The middle one; the mean of the two in the middle where their number is even. Weights do not count.
        case median
    }

    /// The members' names, each once.
    public let name: String
    /// Whether a member judges completions against one another.
    public var needsWholeGroup: Bool { members.contains { $0.judge.needsWholeGroup } }
    private let members: [Member]
    private let combination: Combination

    /// Seats a panel.
    ///
    /// - Parameters:
    ///   - members: At least one, all asked the same question.
    ///   - combination: How ratings are combined.
    public init(_ members: [Member], combination: Combination = .mean) {
        precondition(!members.isEmpty, "a panel has at least one member")
        self.members = members
        self.combination = combination
        let names = members.map(\.judge.name)
        name = names.enumerated().filter { names.firstIndex(of: $1) == $0 }.map(\.element).joined(separator: "+")
    }

    /// Asks every member and combines what they find.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        try await combined(inOrder(members) { try await $0.judge.assess(completion, for: task) }, for: task)
    }

    /// Asks every member about the group and combines what they find of each completion.
    public func assess(group: [String], for task: RubricTask) async throws -> [Assessment] {
        let rounds = try await inOrder(members) { try await $0.judge.assess(group: group, for: task) }
        return group.indices.map { place in combined(rounds.map { $0[place] }, for: task) }
    }

    private func combined(_ assessments: [Assessment], for task: RubricTask) -> Assessment {
        guard let first = assessments.first, !first.completionIsEmpty else { return assessments[0] }
        let ratings = zip(assessments, members).compactMap { assessment, member in
            assessment.rating.map { (rating: $0, weight: member.weight) }
        }
        let places = first.verdicts.indices
        return Assessment(
            verdicts: places.map { place in verdict(assessments.map { $0.verdicts[place] }) },
            rating: ratings.isEmpty ? nil : rating(ratings),
            usage: assessments.reduce(.zero) { $0 + $1.usage },
            failures: assessments.reduce(into: [:]) { $0.merge($1.failures) { $1 } }
        )
    }

    // MARK: - Verdicts

    /// The finding with most weight among the votes that were cast. Met and unmet in balance: it cannot be told.
    private func verdict(_ votes: [Verdict]) -> Verdict {
        var count = VoteCount()
        var (met, unmet, unclear) = (0.0, 0.0, 0.0)
        for (vote, member) in zip(votes, members) {
            switch vote.outcome {
            case .met: (count.met, met) = (count.met + 1, met + member.weight)
            case .unmet: (count.unmet, unmet) = (count.unmet + 1, unmet + member.weight)
            case .cannotAssess: (count.cannotAssess, unclear) = (count.cannotAssess + 1, unclear + member.weight)
            case .unjudged: count.unjudged += 1
            }
        }
        let cast = met + unmet + unclear
        let outcome: Verdict.Outcome =
            if cast == 0 {
                confirmed(votes)
            } else if met > max(unmet, unclear) {
                .met
            } else if unmet > max(met, unclear) {
                .unmet
            } else {
                .cannotAssess
            }
        let speaker = votes.first { $0.outcome == outcome }
        return Verdict(
            criterion: votes[0].criterion,
            outcome: outcome,
            reason: speaker?.reason ?? (cast > 0 ? "the votes are tied" : ""),
            evidence: speaker?.evidence ?? [],
            judge: name,
            confidence: cast > 0 ? max(met, unmet, unclear) / cast : nil,
            votes: members.count > 1 ? count : nil
        )
    }

    /// All votes failed; two content-bound failures confirm each other.
    private func confirmed(_ votes: [Verdict]) -> Verdict.Outcome {
        let failures = votes.compactMap { vote -> JudgeFailure? in
            if case .unjudged(let failure) = vote.outcome { failure } else { nil }
        }
        return .unjudged(failures.standing)
    }

    // MARK: - Ratings

    private func rating(_ ratings: [(rating: Rating, weight: Double)]) -> Rating {
        let rated = ratings.compactMap { rating, weight in rating.value.map { ($0, weight) } }
        guard !rated.isEmpty else {
            return Rating(.unrated(ratings.compactMap(\.rating.failure).standing), judge: name)
        }
        let value =
            switch combination {
            case .mean: rated.reduce(0) { $0 + $1.0 * $1.1 } / rated.reduce(0) { $0 + $1.1 }
            case .median: median(rated.map(\.0))
            }
        let reason = ratings.lazy.map(\.rating.reason).first { !$0.utf8.isEmpty } ?? ""
        return Rating(.rated(value), reason: reason, judge: name)
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension [JudgeFailure] {
    /// The failure that stands for all: a content-bound one, confirmed when all are, else the first in transport.
    fileprivate var standing: JudgeFailure {
        if let transport = first(where: { !$0.cause.isContentBound }) { return transport }
        guard var failure = first else { return JudgeFailure(cause: .incomplete, detail: "nobody voted") }
        failure.isConfirmed = failure.isConfirmed || count > 1
        return failure
    }
}
