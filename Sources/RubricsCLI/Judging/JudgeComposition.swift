// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Judging
import Rewards
import Rubrics

/// Puts a judge together from settings and models.
struct JudgeComposition: Sendable {
    let settings: JudgeSettings
    let method: GradingMethod
    /// The key of the marks around judged text.
    let secret: [UInt8]
    /// The judge of checks, prepared for the tasks at hand.
    let checks: CheckJudge

    init(_ settings: JudgeSettings, method: GradingMethod, secret: [UInt8], tasks: [RubricTask]) throws {
        self.settings = settings
        self.method = method
        self.secret = secret
        let checked = tasks.map { task in
            var task = task
            task.criteria.removeAll { $0.check == nil }
            return task
        }
        checks = try CheckJudge(preparing: checked, thinking: settings.thinkingMarkers)
    }

    /// The judge that settings and models come to.
    ///
    /// - Parameter models: Who is asked.
    /// - Returns: The judge.
    /// - Throws: `JudgingError` for a template that does not fit the question.
    func judge(_ models: JudgeModels) throws -> any Judge {
        if method.name == .command, let model = models.entries.first ?? nil {
            return CommandJudge(model, thinking: settings.thinkingMarkers)
        }
        let members = try zip(models.entries.indices, models.entries).flatMap { place, model in
            guard let model else { return [] as [JudgePanel.Member] }
            let weight = settings.weights.isEmpty ? 1 : settings.weights[place]
            return try (0..<settings.votes).map { vote in
                JudgePanel.Member(try ask(model, vote: vote), weight: weight)
            }
        }
        guard let first = members.first else { return checks }
        var judge = members.count == 1 ? first.judge : JudgePanel(members, combination: settings.combine)
        guard method.question.isOfCriteria else { return judge }
        if let escalation = models.escalation {
            let second = try ask(escalation, vote: 0)
            judge = CascadeJudge(judge, then: second, below: settings.escalateBelow)
        }
        return settings.checks == .ignore ? judge : MixedJudge(checks: checks, base: judge)
    }

    private func ask(_ model: any ChatModel, vote: Int) throws -> LLMJudge {
        var configuration = LLMJudge.Configuration(marker: TextMarker(key: secret))
        configuration.temperature = settings.temperature
        configuration.maxTokens = settings.maxTokens
        configuration.showsReference = settings.showsReference
        configuration.usesExpectedRating = settings.expectedRating
        configuration.topLogprobs = settings.confidence && model.features.contains(.logprobs) ? 5 : 0
        configuration.vote = vote
        configuration.thinking = settings.thinkingMarkers
        configuration.templates = settings.templates
        return try LLMJudge(method.question, of: model, configuration: configuration)
    }

    /// Makes sure that everything that is asked has somebody to answer it, before any work starts.
    ///
    /// - Throws: ``CommandFailure`` naming what nobody would judge.
    static func validate(_ settings: GradingSettings, tasks: [RubricTask]) throws {
        guard !settings.judge.asksModels else { return }
        let method = settings.method
        guard method.question.isOfCriteria else {
            throw CommandFailure(
                "\(method.name.rawValue) asks a model: name one with --judge or judge.models, "
                    + "for example openai:gpt-4o-mini or http://localhost:8000/v1#MODEL"
            )
        }
        if settings.judge.checks == .ignore {
            throw CommandFailure("judge.checks is ignore, and there is no other judge: name one under judge.models")
        }
        try CheckJudge.validate(tasks)
    }
}
