// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

extension LLMJudge {
    /// Ranks in a shuffled order and in its reverse, so that each answer is read before and after each other.
    ///
    /// Ranks are matched by label: (n − rank)/(n − 1), averaged. Empty completions come last.
    func ranking(of group: [String], for task: RubricTask) async throws -> [Assessment] {
        let empty = group.map(settings.thinking.leavesNothing)
        let places = group.indices.filter { !empty[$0] }
        var assessments = group.map { _ in Assessment(completionIsEmpty: true) }
        guard group.count > 1 else {
            if let only = places.first { assessments[only] = unrated(.tooFew) }
            return assessments
        }
        let answers = places.map { settings.thinking.removed(from: group[$0]) }
        guard answers.count > 1 else {
            for place in places { assessments[place] = Assessment(rating: Rating(.rated(1), judge: name)) }
            return assessments
        }
        let rounds = try await inOrder([0, 1]) {
            try await ranking(of: answers, for: task, round: $0, size: group.count)
        }
        for (index, place) in places.enumerated() {
            assessments[place] = rounds.map { $0[index] }.averaged(by: name)
        }
        return assessments
    }

    /// One call; what it cost is booked to the first answer.
    private func ranking(of answers: [String], for task: RubricTask, round: Int, size: Int) async throws -> [Assessment]
    {
        let order = Self.order(of: answers, round: round)
        let passages = order.enumerated().map { JudgePrompt.Passage(label: "r\($0 + 1)", text: answers[$1]) }
        let labels = passages.map(\.label)
        let thinking = settings.thinking
        let asked = try await ask(JudgePrompt(self, task: task, passages: passages).ranking()) {
            reply throws(ReplyFault) in
            try RatingReply.ranking(in: reply, labels: labels, thinking: thinking)
        }
        var assessments = answers.map { _ in Assessment() }
        assessments[0].usage = asked.usage
        for (label, place) in zip(labels, order) {
            assessments[place].failures = asked.failures
            switch asked.answer {
            case .success(let (ranks, reason)):
                let value = Double(size - (ranks[label] ?? size)) / Double(size - 1)
                assessments[place].rating = Rating(.rated(value), reason: reason, judge: name)
            case .failure(let failed):
                assessments[place].rating = Rating(.unrated(failed.failure), judge: name)
            }
        }
        return assessments
    }

    /// A shuffle that follows from the answers, so that the same group is asked about in the same words; its reverse in
    /// the second round.
    private static func order(of answers: [String], round: Int) -> [Int] {
        var generator = SplitMix64(
            seed: 0,
            path: answers.reduce(0) { $0 &* 0x9E37_79B9_7F4A_7C15 &+ $1.stableHash },
            0,
            0
        )
        let order = Array(answers.indices).shuffled(using: &generator)
        return round == 0 ? order : order.reversed()
    }
}

extension JudgeFailure {
    fileprivate static let tooFew = JudgeFailure(
        cause: .incomplete,
        detail: "a ranking needs at least two completions of one prompt"
    )
}
