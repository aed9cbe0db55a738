// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRPO
import Judging
import Rubrics
import Runs
import TestSupport

/// The run of a ``TinyProject`` within this process.
struct TinyRun {
    var project: TinyProject
    var recipe: TrainingRecipe
    /// Grades in place of the rows' checks.
    var judge: (any Judge)?

    init() throws {
        project = try TinyProject()
        recipe = try Document.yaml(TinyProject.recipe, file: "recipe.yaml").decode(TrainingRecipe.self)
        let folder = project.folder
        recipe.resolvePaths { folder.path($0) }
    }

    private func inputs() throws -> (TrainingInputs, any Judge) {
        let inputs = try TrainingInputs(recipe)
        return (inputs, try judge ?? CheckJudge(preparing: inputs.train + inputs.heldOut))
    }

    /// Writes the project and starts its run.
    func start() async throws -> TrainingSession {
        try project.write()
        let (inputs, judge) = try inputs()
        return try await TrainingSession.start(
            inputs,
            engine: TestEngine.load(),
            threads: 1,
            now: { Date(timeIntervalSince1970: 0) },
            root: project.runs,
            recipeText: TinyProject.recipe,
            grading: { [recipe] _ in RunGrading(judge, recipe: recipe) }
        )
    }

    /// Goes on with the run.
    func resume() async throws -> TrainingSession {
        let (inputs, judge) = try inputs()
        return try await TrainingSession.resume(
            inputs,
            in: RunDirectory.resume(project.run),
            engine: TestEngine.load(),
            threads: 1,
            now: { Date(timeIntervalSince1970: 0) },
            grading: { [recipe] _ in RunGrading(judge, recipe: recipe) }
        )
    }

    /// The run's folder for reading.
    var directory: RunDirectory {
        get throws { try RunDirectory(reading: project.run) }
    }

    /// What must not depend on interruptions.
    var bytes: RunBytes {
        get throws { try RunBytes(project.run) }
    }
}
