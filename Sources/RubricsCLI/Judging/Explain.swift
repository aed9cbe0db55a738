// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GRPO
import Rewards
import Rubrics
import Runs

/// `rubrics explain`.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell why a sample got its reward: prompt, response, verdicts with their reasons, the arithmetic.",
        discussion: """
            Examples:
              rubrics explain runs/demo 1203        the rollout with this number in rollouts.jsonl
              rubrics explain runs/demo worst       the scored rollout with the lowest reward; best: the highest
            """
    )

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Argument(help: ArgumentHelp("The rollout's number, best or worst.", valueName: "rollout"))
    var rollout: String

    func run() throws {
        let run = try RunDirectory(reading: URL(fileURLWithPath: folder))
        let inputs = try ResolvedRecipe(path: run.recipeFile.path, overrides: []).inputs()
        let (record, group) = try find(in: run)
        guard let task = inputs.train.first(where: { $0.id.isExactly(record.completion.task) }) else {
            throw CommandFailure("the task \(record.completion.task) is not in \(inputs.recipe.data.train) any more")
        }
        let explanation = Explanation(record: record, task: task, group: group, recipe: inputs.recipe)
        Terminal.write(explanation.text)
    }

    /// The rollout, and the rewards of its step and task.
    private func find(in run: RunDirectory) throws -> (RolloutRecord, [RolloutRecord]) {
        var chosen: RolloutRecord?
        var step: [RolloutRecord] = []
        var neighbours: [RolloutRecord] = []
        var count = 0
        try run.rollouts.read { value in
            let record = try RolloutRecord(value)
            if record.completion.step != step.last?.completion.step { step = [] }
            step.append(record)
            count += 1
            if isBetter(record, than: chosen) { chosen = record }
            if record.completion.step == chosen?.completion.step { neighbours = step }
        }
        guard let chosen else {
            let known = count == 0 ? "it has none yet" : "name one from 0 to \(count - 1), best or worst"
            throw CommandFailure("\(folder) has no rollout \(rollout): \(known)")
        }
        return (chosen, neighbours.filter { $0.completion.task.isExactly(chosen.completion.task) })
    }

    private func isBetter(_ record: RolloutRecord, than chosen: RolloutRecord?) -> Bool {
        guard let reward = record.completion.reward else { return String(record.id) == rollout }
        let best = chosen?.completion.reward
        switch rollout {
        case "worst": return best.map { reward < $0 } ?? true
        case "best": return best.map { reward > $0 } ?? true
        default: return String(record.id) == rollout
        }
    }
}
