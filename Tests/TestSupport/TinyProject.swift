// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A recipe, rows and a ``TinyModel``: a whole training run of a second or two.
package struct TinyProject: Sendable {
    /// Two prompts a step, four completions of up to eight bytes.
    package static let recipe = """
        name: tiny
        policy: {model: model}
        data: {train: train.jsonl, held_out: held_out.jsonl}
        sampling: {max_completion_tokens: 8}
        grpo: {steps: 4, prompts_per_step: 2, group_size: 4}
        optimizer: {learning_rate: 0.01}
        evaluation: {every: 2, samples: 2}
        checkpoints: {every: 1}

        """

    /// Where it is written.
    package let folder: TemporaryFolder
    /// The policy that is trained.
    package var model = TinyModel()

    /// Describes a project in a folder of its own.
    package init() throws {
        folder = try TemporaryFolder()
    }

    /// The recipe.
    package var recipeFile: URL { folder.url.appendingPathComponent("recipe.yaml") }
    /// The folder of its runs.
    package var runs: URL { folder.url.appendingPathComponent("runs") }
    /// Its run.
    package var run: URL { runs.appendingPathComponent("tiny") }

    /// Writes recipe, model and rows.
    package func write() throws {
        try model.write(to: folder.url.appendingPathComponent("model"))
        try folder.write("recipe.yaml", Self.recipe.utf8)
        try folder.write("train.jsonl", Self.rows(["ab", "cd", "ef"]).utf8)
        try folder.write("held_out.jsonl", Self.rows(["gh", "ij"]).utf8)
    }

    /// Rows that ask for letters and no digits, which a policy of random bytes rarely writes.
    private static func rows(_ prompts: [String]) -> String {
        prompts.map { prompt in
            """
            {"id": "\(prompt)", "prompt": "\(prompt)", "criteria": [\
            {"title": "Small", "description": "Has a small letter.", "importance": "essential", \
            "polarity": "positive", "kind": "content", "check": {"regex": "[a-z]"}}, \
            {"title": "Early", "description": "Has one of a to f.", "importance": "important", \
            "polarity": "positive", "kind": "form", "check": {"regex": "[a-f]"}}, \
            {"title": "Digits", "description": "Has a digit.", "importance": "pitfall", \
            "polarity": "negative", "kind": "form", "check": {"regex": "[0-9]"}}]}

            """
        }.joined()
    }
}
