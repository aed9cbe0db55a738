// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import GRPO
import Judging
import Ledger
import Rewards
import Rubrics
import Runs

/// What a training run needs to grade: models reached before the run begins, recorded in the run's own ledger.
struct RunJudging: Sendable {
    private let inputs: TrainingInputs
    private let reached: ReachedModels

    /// Reaches the recipe's judges.
    ///
    /// - Parameters:
    ///   - inputs: The recipe with its data.
    ///   - run: The run to go on with; `nil` for a new one.
    /// - Throws: What reaching a model throws; `TaskFileError` for a criterion that nobody would judge.
    init(_ inputs: TrainingInputs, resuming run: RunDirectory? = nil) async throws {
        self.inputs = inputs
        try Self.validate(inputs)
        var known: [String: KnownJudge] = [:]
        if let file = run?.ledgerFile.path, FileManager.default.fileExists(atPath: file) {
            known = try await Ledger(at: file, now: Self.now).judges()
        }
        reached = try await ReachedModels(inputs.recipe.judge, known: known)
    }

    /// Makes sure that somebody judges every criterion.
    static func validate(_ inputs: TrainingInputs) throws {
        try inputs.validate { try JudgeComposition.validate(inputs.recipe.grading, tasks: $0) }
    }

    /// Puts the grading together once the run's folder is there.
    func grading(in run: RunDirectory) async throws -> RunGrading {
        let recipe = inputs.recipe
        let method = recipe.grading.method
        let tasks = (inputs.train + inputs.heldOut).map(method.judgedTask)
        guard recipe.judge.asksModels else {
            let checks = try CheckJudge(preparing: tasks, thinking: recipe.judge.thinkingMarkers)
            return RunGrading(checks, recipe: recipe)
        }
        let ledger = try Ledger(at: run.ledgerFile.path, now: Self.now)
        let composition = try JudgeComposition(recipe.judge, method: method, secret: ledger.secret, tasks: tasks)
        let models = try await JudgeModels(reached, in: ledger, settings: recipe.judge.budget)
        let judge = try composition.judge(models)
        return RunGrading(
            Grader(method, judge: judge, contentFailures: recipe.reward.contentFailures),
            beginStep: { models.budget.beginStep() },
            keepFailures: { subject, failures in
                try await ledger.record(
                    StoredReward(
                        subject: subject,
                        method: method.name.rawValue,
                        reward: nil,
                        verdicts: [],
                        failures: failures
                    )
                )
            }
        )
    }

    /// Runs `body` and closes every connection, however it ends.
    func closing<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            let value = try await body()
            await reached.close()
            return value
        } catch {
            await reached.close()
            throw error
        }
    }

    static let now: @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
}
