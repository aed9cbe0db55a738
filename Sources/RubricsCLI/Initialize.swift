// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `rubrics init`.
struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a starter recipe and three rubric rows to edit.",
        discussion: """
            Example:
              rubrics init my-run && rubrics train my-run/recipe.yaml --dry-run
            """
    )

    @Argument(help: "The folder to make.")
    var folder = "my-run"

    func run() throws {
        let url = URL(fileURLWithPath: folder)
        let files = [
            ("recipe.yaml", Starter.recipe(name: url.lastPathComponent)), ("rubrics.jsonl", Starter.rows),
        ]
        for (name, _) in files {
            let path = url.appendingPathComponent(name).path
            if FileManager.default.fileExists(atPath: path) {
                throw CommandFailure("\(path) is already there: name another folder, or remove it")
            }
        }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: url.appendingPathComponent(name))
            Terminal.write("\(folder)/\(name)\n")
        }
        Terminal.writeError("edit them, then: rubrics train \(folder)/recipe.yaml\n")
    }
}
