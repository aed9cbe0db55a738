// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import Runs
import TestSupport
import Testing

/// The paper's recipes: what they say is missing, and that they train as they are on something small.
@Suite("The paper's recipes", .timeLimit(.minutes(5)))
struct PaperRecipeTests {
    @Test("A dry run lists all that is missing, each with its remedy", arguments: ["medicine", "science"])
    func missing(name: String) async throws {
        let folder = try TemporaryFolder()
        let places = [
            "data.train=\(folder.path("train.jsonl"))", "data.held_out=\(folder.path("val.jsonl"))",
            "policy.model=\(folder.path("model"))",
        ]
        let result = try await Command.run(
            ["train", "Recipes/\(name).yaml", "--dry-run"] + places.flatMap { ["--set", $0] },
            environment: ["OPENAI_API_KEY": nil]
        )
        #expect(result.status == 2)
        #expect(result.output.contains("name: \(name)\n") && result.output.contains("group_size: 16\n"))
        let lines = result.errors.split(separator: "\n").map(String.init)
        #expect(lines.count == 5 && lines.first == "rubrics: not ready:", "\(result.errors)")
        let expected = [
            ["data.train", folder.path("train.jsonl"), "--set data.train=FILE"],
            ["data.held_out", folder.path("val.jsonl"), "--set data.held_out=FILE"],
            ["judge", "openai:gpt-4o-mini", "OPENAI_API_KEY", "export it"],
            [folder.path("model"), "no such file", "check the path"],
        ]
        for (line, texts) in zip(lines.dropFirst(), expected) {
            #expect(line.hasPrefix("  - "))
            for text in texts { #expect(line.contains(text), "\(line)") }
        }
    }

    @Test("The recipe as it stands finds nothing wrong with itself", arguments: ["medicine", "science"])
    func asItStands(name: String) async throws {
        let result = try await Command.run(
            ["train", "Recipes/\(name).yaml", "--dry-run"],
            environment: ["OPENAI_API_KEY": nil]
        )
        #expect(result.status == 2 && result.errors.contains("not ready"), "\(result.errors)")
        #expect(result.errors.contains("OPENAI_API_KEY is not set"), "\(result.errors)")
    }

    /// Rows as the data sets are published.
    private static func rows(_ questions: [String]) -> [JSONValue] {
        questions.map { question in
            let items = [
                ("Essential Criteria: Says a letter.", 5), ("Important Criteria: Says it early.", 3),
                ("Optional Criteria: Is short.", 1), ("Pitfall Criteria: Does not mention digits.", -1),
            ]
            return [
                "question": .string(question), "reference_answer": "ab", "question_source": "made up",
                "rubric": .array(
                    items.map {
                        ["title": "Item", "description": .string($0.0), "weight": .integer($0.1)]
                    }
                ),
            ]
        }
    }

    /// A small model and a few rows in the place of the paper's, and a judge on loopback at list prices.
    private func train(_ name: String, _ method: String) async throws -> (JudgedTraining, Command.Result) {
        let training = try await JudgedTraining()
        let folder = training.project.folder
        let settings = [
            "name=tiny", "policy.model=\(folder.path("model"))", "reward.method=\(method)",
            "data.train=\(try folder.write("published.jsonl", lines: Self.rows(["What a?", "What b?", "What c?"])))",
            "data.held_out=\(try folder.write("val.jsonl", lines: Self.rows(["What d?"])))",
            #"judge.models=["\#(training.server.address())"]"#,
            #"judge.budget.prices={"127.0.0.1:judge": {input: 0.15, output: 0.6}}"#,
            "sampling.max_completion_tokens=8", "grpo.steps=2", "grpo.prompts_per_step=2", "grpo.group_size=4",
            "evaluation.every=1",
        ]
        let result = try await Command.run(
            ["train", "Recipes/\(name).yaml", "--runs", training.project.runs.path]
                + settings.flatMap { ["--set", $0] }
        )
        return (training, result)
    }

    @Test("With --set they train a small model on rows as published", arguments: ["medicine", "science"])
    func implicit(name: String) async throws {
        let (training, result) = try await train(name, "rar-implicit")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("polarity is undecided") && result.errors.contains("finished after 2 steps"))
        #expect(result.errors.contains("judging: about "), "\(result.errors)")
        let rollouts = try training.rollouts()
        #expect(rollouts.count == 16)
        for completion in rollouts.map(\.completion) {
            let (reward, rating) = try (#require(completion.reward), completion.rating?.value)
            #expect(completion.verdicts.isEmpty)
            #expect(rating.map { reward == ($0 - 1) / 9 } ?? (reward == 0))
        }
        #expect(Set(rollouts.compactMap(\.completion.reward)).count > 3)
        let before = training.server.log.entries.count
        let replay = try await training.replay()
        #expect(replay.status == 0 && training.server.log.entries.count == before, "\(replay.errors)")
        let asked = try #require(training.server.calls.first).body.serialized()
        #expect(asked.contains("(essential) Says a letter.") && !asked.contains("mention digits"))
    }

    @Test("With rar-explicit each criterion that is left is decided by itself")
    func explicit() async throws {
        let (training, result) = try await train("medicine", "rar-explicit")
        #expect(result.status == 0, "\(result.errors)")
        for completion in try training.rollouts().map(\.completion) where completion.reward != nil {
            let earned = completion.verdicts.filter { $0.credited == true }.reduce(0) { $0 + $1.weight }
            #expect(completion.verdicts.map(\.weight) == [1, 0.7, 0.3])
            #expect(try abs(#require(completion.reward) - earned / 2) < 1e-12)
        }
        #expect(try await training.replay().status == 0)
    }
}
