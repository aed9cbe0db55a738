// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics

extension LLMJudge {
    /// A rating from 1 to 10, expected over the menu where that is asked for and the model can tell.
    func rating(of answer: String, for task: RubricTask) async throws -> Assessment {
        if question.needsReference, task.referenceAnswer == nil { return unrated(.noReference(task)) }
        if question == .rating(.rubric), task.criteria.isEmpty { return unrated(.noCriteria(task)) }
        guard settings.usesExpectedRating else { return try await statedRating(of: answer, for: task) }
        if model.features.contains(.choices) { return try await scoredRating(of: answer, for: task) }
        return try await letterRating(of: answer, for: task)
    }

    private func statedRating(of answer: String, for task: RubricTask) async throws -> Assessment {
        let thinking = settings.thinking
        let asked = try await ask(JudgePrompt(self, task: task, response: answer).rating(byLetter: false)) {
            reply throws(ReplyFault) in
            let (rating, reason) = try RatingReply.rating(in: reply, byLetter: false, thinking: thinking)
            return (Double(rating), reason)
        }
        return assessment(asked)
    }

    /// The expectation over the letters' probabilities after the judge has given its reason.
    private func letterRating(of answer: String, for task: RubricTask) async throws -> Assessment {
        var request = JudgePrompt(self, task: task, response: answer).rating(byLetter: true)
        request.topLogprobs = max(request.topLogprobs, 20)
        let thinking = settings.thinking
        let asked = try await ask(request) { reply throws(ReplyFault) in
            let (_, reason) = try RatingReply.rating(in: reply, byLetter: true, thinking: thinking)
            return (try ExpectedRating.value(of: reply).get(), reason)
        }
        return assessment(asked)
    }

    /// The expectation over the probabilities of all ten answers, each scored whole.
    private func scoredRating(of answer: String, for task: RubricTask) async throws -> Assessment {
        var request = JudgePrompt(self, task: task, response: answer).rating(byLetter: false)
        request.format = .choice(prefix: #"{"rating": "#, options: (1...10).map { "\($0)}" })
        let asked = try await attempt(request) { reply throws(ReplyFault) in
            let scores = reply.tokens.first?.alternatives ?? [:]
            let logprobs = Dictionary(uniqueKeysWithValues: (1...10).map { ($0, scores["\($0)}"] ?? -.infinity) })
            return (try ExpectedRating.value(logprobs: logprobs).get(), "")
        }
        return assessment(asked.asked(isConfirmed: false))
    }

    /// Beside the reference answer in both orders; neither counts alone.
    func comparison(of answer: String, for task: RubricTask) async throws -> Assessment {
        guard let reference = task.referenceAnswer else { return unrated(.noReference(task)) }
        let orders = try await inOrder([true, false]) { isFirst in
            let passages = isFirst ? [answer, reference] : [reference, answer]
            let labelled = zip(["A", "B"], passages).map { JudgePrompt.Passage(label: $0, text: $1) }
            let thinking = settings.thinking
            return try await ask(JudgePrompt(self, task: task, passages: labelled).comparison()) {
                reply throws(ReplyFault) in
                let (better, reason) = try RatingReply.comparison(in: reply, thinking: thinking)
                let value = better.isExactly("tie") ? 0.5 : better.isExactly(isFirst ? "A" : "B") ? 1.0 : 0.0
                return (value, reason)
            }
        }
        return orders.map(assessment).averaged(by: name)
    }

    func assessment(_ asked: Asked<(Double, String)>) -> Assessment {
        let rating =
            switch asked.answer {
            case .success((let value, let reason)): Rating(.rated(value), reason: reason, judge: name)
            case .failure(let failed): Rating(.unrated(failed.failure), judge: name)
            }
        return Assessment(rating: rating, usage: asked.usage, failures: asked.failures)
    }

    func unrated(_ failure: JudgeFailure) -> Assessment {
        Assessment(rating: Rating(.unrated(failure), judge: name))
    }
}

extension [Assessment] {
    /// The mean of ratings of one completion; one that is missing leaves no mean.
    func averaged(by judge: String) -> Assessment {
        let ratings = compactMap(\.rating)
        let values = ratings.compactMap(\.value)
        let reason = ratings.map(\.reason).filter { !$0.utf8.isEmpty }.joined(separator: " / ")
        let outcome: Rating.Outcome =
            if let failure = ratings.lazy.compactMap(\.failure).first {
                .unrated(failure)
            } else {
                .rated(values.reduce(0, +) / Double(Swift.max(values.count, 1)))
            }
        return Assessment(
            rating: Rating(outcome, reason: reason, judge: judge),
            usage: reduce(.zero) { $0 + $1.usage },
            failures: reduce(into: [:]) { $0.merge($1.failures) { $1 } }
        )
    }
}

extension JudgeFailure {
    static func noReference(_ task: RubricTask) -> JudgeFailure {
        JudgeFailure(cause: .noReference, detail: "task \"\(task.id)\" has no reference answer")
    }

    static func noCriteria(_ task: RubricTask) -> JudgeFailure {
        let detail = "task \"\(task.id)\" has no criteria: dropping those of undecided polarity left none"
        return JudgeFailure(cause: .undecidedPolarity, detail: detail)
    }
}
