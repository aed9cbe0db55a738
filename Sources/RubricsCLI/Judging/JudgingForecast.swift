// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import GRPO
import Judging
import Rewards
import Rubrics

/// What judging a whole run will come to, about.
struct JudgingForecast {
    /// How many calls there will be.
    let calls: Int
    /// The tokens that they read and write.
    let tokens: TokenUsage
    /// What they cost where prices are known.
    let dollars: Double?

    /// Reckons with whole completions, every prompt's rubric of average length, and replies of 150 tokens a question.
    init?(_ inputs: TrainingInputs) {
        let recipe = inputs.recipe
        let models = recipe.judge.models.filter { $0 != "checks" }
        guard !models.isEmpty else { return nil }
        let method = recipe.grading.method
        let step = recipe.grpo.steps * recipe.grpo.promptsPerStep * recipe.grpo.groupSize
        let evaluations = recipe.evaluation.every > 0 ? recipe.grpo.steps / recipe.evaluation.every + 2 : 2
        let heldOut = evaluations * inputs.heldOut.count * recipe.evaluation.samples
        let isChecked = recipe.judge.checks == .use && method.question.isOfCriteria
        let train = Self.questions(inputs.train, method, leavingChecked: isChecked)
        let held = Self.questions(inputs.heldOut, method, leavingChecked: isChecked)
        let each = Double(step) * train.calls + Double(heldOut) * held.calls
        let votes = Double(models.count * recipe.judge.votes)
        calls = Int((each * votes).rounded())
        let completion = Double(recipe.sampling.maxCompletionTokens)
        let input =
            Double(step) * train.calls * (train.tokens + completion)
            + Double(heldOut) * held.calls * (held.tokens + completion)
        let tokens = TokenUsage(input: Int(input * votes), output: Int(each * votes) * 150)
        self.tokens = tokens
        let prices = PriceTable(overrides: recipe.judge.budget.prices)
        let known = models.map { prices.price(of: $0)?.cost(of: tokens) }
        dollars = known.contains { $0 == nil } ? nil : known.compactMap(\.self).reduce(0, +) / Double(models.count)
    }

    /// Calls a completion, and the tokens that one reads besides the completion, on average.
    private static func questions(
        _ tasks: [RubricTask],
        _ method: GradingMethod,
        leavingChecked: Bool
    ) -> (calls: Double, tokens: Double) {
        guard !tasks.isEmpty else { return (0, 0) }
        var (calls, bytes) = (0.0, 0.0)
        for task in tasks.map(method.judgedTask) {
            let criteria = task.criteria.filter { !leavingChecked || $0.check == nil }
            let prompt = task.prompt.reduce(0) { $0 + $1.content.utf8.count }
            let rubric = criteria.reduce(0) { $0 + $1.description.utf8.count }
            switch method.question {
            case .criteria(let perCall):
                let needed = (Double(criteria.count) / Double(perCall)).rounded(.up)
                calls += needed
                bytes += needed * Double(prompt) + Double(rubric)
            case .rating, .comparison, .ranking:
                let needed = method.question == .comparison ? 2.0 : 1.0
                calls += needed
                bytes += needed * Double(prompt + rubric)
            }
        }
        // The instructions take about 450 tokens.
        return (calls / Double(tasks.count), calls > 0 ? bytes / 4 / calls + 450 : 0)
    }

    /// One line.
    var text: String {
        let cost = dollars.map { String(format: ", about $%.2f", $0) } ?? ""
        return "judging: about \(calls) calls, \(Self.millions(tokens.input)) M tokens read and "
            + "\(Self.millions(tokens.output)) M written\(cost)"
    }

    private static func millions(_ tokens: Int) -> String {
        String(format: "%.1f", Double(tokens) / 1_000_000)
    }
}
