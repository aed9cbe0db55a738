// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRPO
import Policies
import Runs

/// What a recipe needs before it can run, all of it looked at, and what of it is missing.
struct Readiness {
    /// The recipe's data; `nil` where it cannot be read.
    private(set) var inputs: TrainingInputs?
    /// What is missing, with its remedy.
    private(set) var missing: [String] = []
    /// What the reader should know.
    private(set) var notes: [String] = []

    /// How many rows there are.
    var counts: String? {
        inputs.map { "\($0.train.count) prompts to train on, \($0.heldOut.count) held out" }
    }

    /// Looks at data, judges, model and engine.
    init(of resolved: ResolvedRecipe) async {
        let recipe = resolved.recipe
        missing = Self.missingFiles(recipe.data)
        let located = await locate(resolved)
        if missing.isEmpty { inputs = note { try (located ?? resolved).inputs() } }
        let inputs = inputs
        notes += inputs?.notes ?? []
        if let inputs { note { try RunJudging.validate(inputs) } }
        do { try await ReachedModels(recipe.judge).close() } catch { missing.append("judge: \(error)") }
        if let model = located?.recipe.policy.model {
            note { if let inputs { try inputs.validateModel() } else { _ = try ModelFile.open(model) } }
        }
        note { _ = try Installation().engine() }
    }

    /// Finds the model, and fetches nothing large; `nil` where it is not on this machine.
    private mutating func locate(_ resolved: ResolvedRecipe) async -> ResolvedRecipe? {
        let model = resolved.recipe.policy.model
        do {
            let bytes = try await ModelLocation.missingBytes(of: model)
            guard bytes > 0 else { return try await resolved.locatingModel() }
            notes.append("policy.model: \(model) is fetched when training starts, \(ByteCount.text(bytes))")
        } catch {
            missing.append("policy.model: \(error)")
        }
        return nil
    }

    private static func missingFiles(_ data: TrainingRecipe.DataSection) -> [String] {
        [("train", data.train), ("held_out", data.heldOut)].compactMap { key, path in
            guard !path.isEmpty, !FileManager.default.fileExists(atPath: path) else { return nil }
            return
                "data.\(key): \(path) is not there: put rubric rows there, or name others with --set data.\(key)=FILE"
        }
    }

    @discardableResult
    private mutating func note<Value>(_ check: () throws -> Value) -> Value? {
        do {
            return try check()
        } catch {
            missing.append("\(error)")
            return nil
        }
    }
}
