// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What users get wrong: each ends with one clear message that names the place and the remedy, and a status that is not 0.
@Suite("Wrong input on the command line", .serialized)
struct BadInputTests {
    private static let row = """
        {"id": "a", "prompt": "Why?", "criteria": [{"title": "T", "description": "D.", "importance": "essential", \
        "polarity": "positive", "check": {"any_of": ["yes"]}}]}
        """

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var recipe = "data: {train: rows.jsonl}\n"
        var rows = BadInputTests.row
        var arguments: [String] = []
        var expected: [String]

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "unknown key",
            recipe: "data: {train: rows.jsonl}\ngrpo: {group_sise: 4}\n",
            expected: ["recipe.yaml:2", "group_sise", "group_size"]
        ),
        Case(
            name: "unknown section",
            recipe: "dta: {train: rows.jsonl}\n",
            expected: ["recipe.yaml:1", "dta", "data"]
        ),
        Case(
            name: "value out of range",
            recipe: "data: {train: rows.jsonl}\ngrpo: {group_size: 1}\n",
            expected: ["recipe.yaml:2", "group_size is 1"]
        ),
        Case(name: "wrong type", recipe: "data: {train: rows.jsonl}\nseed: many\n", expected: ["recipe.yaml:2"]),
        Case(name: "unknown override", arguments: ["--set", "grpo.stepz=3"], expected: ["stepz", "steps"]),
        Case(name: "override without a value", arguments: ["--set", "grpo.steps"], expected: ["path=value"]),
        Case(name: "empty data", rows: "", expected: ["rows.jsonl", "row"]),
        Case(
            name: "no criteria",
            rows: #"{"id": "a", "prompt": "Why?", "criteria": []}"#,
            expected: ["rows.jsonl", "criteria"]
        ),
        Case(
            name: "undecided polarity",
            rows: Self.row.replacingOccurrences(of: #""polarity": "positive""#, with: #""polarity": "undecided""#),
            expected: ["polarity", "drop_criterion"]
        ),
        Case(
            name: "no check",
            rows: Self.row.replacingOccurrences(of: #", "check": {"any_of": ["yes"]}"#, with: ""),
            expected: ["check"]
        ),
        Case(
            name: "missing model",
            recipe: "data: {train: rows.jsonl}\npolicy: {model: nowhere.gguf}\n",
            expected: ["nowhere.gguf"]
        ),
        Case(name: "missing data", recipe: "data: {train: elsewhere.jsonl}\n", expected: ["elsewhere.jsonl"]),
        Case(name: "no data", recipe: "seed: 1\n", expected: ["recipe.yaml", "data"]),
        Case(name: "a name that is none", arguments: ["--set", "name=a/b"], expected: ["a/b", "letters"]),
        Case(
            name: "too large a number",
            arguments: ["--set", "grpo.prompts_per_step=4611686018427387904"],
            expected: ["prompts_per_step", "1,048,576"]
        ),
        Case(
            name: "a minimum above the group",
            recipe: "data: {train: rows.jsonl}\ngrpo: {group_size: 2, minimum_group_size: 9}\n",
            expected: ["recipe.yaml:2", "minimum_group_size is 9, more than group_size 2"]
        ),
        Case(name: "too old rollouts", arguments: ["--set", "grpo.staleness=2"], expected: ["staleness", "0 or 1"]),
        Case(
            name: "a completion longer than the context",
            recipe: "data: {train: rows.jsonl}\nsampling: {max_completion_tokens: 20000}\n",
            expected: ["the prompt of a", "context"]
        ),
        Case(name: "broken JSON", rows: #"{"id": "a", "prompt": "Why?""#, expected: ["rows.jsonl:1"]),
    ]

    @Test("A recipe or its data", arguments: cases)
    func recipe(_ wrong: Case) async throws {
        let folder = try TemporaryFolder()
        let recipe = try folder.write("recipe.yaml", wrong.recipe.utf8)
        try folder.write("rows.jsonl", wrong.rows.utf8)
        let result = try await Command.run(
            ["train", recipe, "--runs", folder.path("runs"), "--dry-run"] + wrong.arguments
        )
        #expect(result.status != 0)
        for word in wrong.expected { #expect(result.errors.contains(word), "\(result.errors)") }
        #expect(!result.errors.contains("Fatal error"))
    }

    @Test("A truncated model file is refused by name")
    func truncatedModel() async throws {
        let folder = try TemporaryFolder()
        let model = try folder.write("model.gguf", "GGUF\u{3}\0\0\0".utf8)
        let result = try await Command.run(["generate", "--model", model, "--prompt", "Hello"])
        #expect(result.status == 2)
        #expect(result.errors.contains("model.gguf"))
    }

    @Test(
        "Usage errors end with ArgumentParser's status and show the usage",
        arguments: [
            ["train"], ["train", "a.yaml", "--resume", "runs/b"], ["generate", "--model", "x"], ["nonsense"],
        ]
    )
    func usage(arguments: [String]) async throws {
        let result = try await Command.run(arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains("Usage"))
    }

    @Test("A run that is not there is named")
    func missingRun() async throws {
        for arguments in [["report", "runs/nowhere"], ["train", "--resume", "runs/nowhere"]] {
            let result = try await Command.run(arguments)
            #expect(result.status == 2)
            #expect(result.errors.contains("runs/nowhere"))
        }
    }

    @Test("init writes a recipe that dry-runs, and never overwrites")
    func initialize() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path("fresh")
        #expect(try await Command.run(["init", place]).status == 0)
        let dry = try await Command.run(["train", place + "/recipe.yaml", "--dry-run"])
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("group_size: 8"))
        let again = try await Command.run(["init", place])
        #expect(again.status == 2)
        #expect(again.errors.contains("already there"))
    }

    @Test(
        "Help has an example everywhere",
        arguments: [
            [], ["train"], ["report"], ["evaluate", "rubrics"], ["generate"], ["init"], ["setup"], ["doctor"],
            ["import"],
        ]
    )
    func help(command: [String]) async throws {
        let result = try await Command.run(command + ["--help"])
        #expect(result.status == 0)
        #expect(result.output.contains("Example"))
    }
}
