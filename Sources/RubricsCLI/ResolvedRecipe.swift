// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRPO
import Hub
import Rubrics
import Runs

/// A recipe with its overrides applied, and the text that the run's directory keeps.
struct ResolvedRecipe {
    /// The recipe with absolute paths.
    let recipe: TrainingRecipe
    /// YAML with every value spelled out and absolute paths.
    let text: String

    init(path: String, overrides: [String]) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path) cannot be read: name a recipe, for example Recipes/demo.yaml")
        }
        guard let source = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("\(path) is not UTF-8: save it as UTF-8")
        }
        var document = try Document.yaml(source, file: path)
        for override in overrides {
            guard let equals = override.firstIndex(of: "=") else {
                throw CommandFailure("--set \(override) has no value: write --set path=value")
            }
            try document.set(
                path: String(override[..<equals]),
                to: String(override[override.index(after: equals)...])
            )
        }
        var recipe = try document.decode(TrainingRecipe.self)
        try RunDirectory.validate(recipe.name)
        let folders = [
            URL(fileURLWithPath: path).deletingLastPathComponent(),
            URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
        ]
        recipe.resolvePaths { Self.place($0, in: folders) }
        self.recipe = recipe
        text = try Document.yamlText(of: recipe)
    }

    private init(recipe: TrainingRecipe, text: String) {
        (self.recipe, self.text) = (recipe, text)
    }

    /// The recipe with its model on this machine; one on the hub is fetched, and the text names its commit.
    ///
    /// - Returns: The recipe; this one where the model is a path.
    /// - Throws: What finding the model throws.
    func locatingModel() async throws -> Self {
        let location = try await ModelLocation(recipe.policy.model)
        guard let address = location.pinnedAddress else { return self }
        var (pinned, local) = (recipe, recipe)
        pinned.policy.model = address.description
        local.policy.model = location.path
        return Self(recipe: local, text: try Document.yamlText(of: pinned))
    }

    /// The recipe with its data, read and checked.
    ///
    /// - Throws: What reading the data throws.
    func inputs() throws -> TrainingInputs {
        try TrainingInputs(recipe)
    }

    /// The absolute path of a file named beside the recipe, else from the working directory; an address on the hub is
    /// left as it is.
    private static func place(_ name: String, in folders: [URL]) -> String {
        if name.afterPrefix("hf:") != nil { return name }
        let expanded = NSString(string: name).expandingTildeInPath
        if expanded.utf8.first == UInt8(ascii: "/") { return expanded }
        let candidates = folders.map { $0.appendingPathComponent(expanded).standardizedFileURL.path }
        return candidates.first { FileManager.default.fileExists(atPath: $0) } ?? candidates[0]
    }
}
