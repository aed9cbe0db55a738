// SPDX-License-Identifier: Apache-2.0

import Foundation
import JudgeServer
import Rubrics
import Runs
import TestSupport
import Testing

/// `rubrics explain`: why a rollout got its reward, for someone who has never seen the code.
@Suite("Explaining rewards on the command line", .timeLimit(.minutes(5)))
struct ExplainTests {
    /// Finds a letter and a fault everywhere; what it says of the letters from a to f, and whether it fails at that,
    /// depends on the response.
    private static func judge(failing failure: ScriptedServer.Reaction) -> WordJudge {
        WordJudge(
            verdict: { $0.contains("a to f") && sum($1) % 2 == 0 ? "no" : "yes" },
            rating: { Int(sum($0) % 10) + 1 },
            exception: { $0.text.contains("a to f") && sum($0.response) % 3 == 0 ? failure : nil }
        )
    }

    private static func sum(_ text: String) -> Int {
        text.utf8.reduce(0) { $0 + Int($1) }
    }

    private static let down = ScriptedServer.Reaction.answer(status: 500, headers: [], body: "{}")
    private static let filtered = ScriptedServer.Reaction.answer(
        status: 400,
        headers: [],
        body: #"{"error": {"code": "content_filter"}}"#
    )

    private func training(
        failing failure: ScriptedServer.Reaction = Self.down,
        _ more: [String] = []
    ) async throws -> JudgedTraining {
        let options = ["grpo.steps=1", "grpo.group_size=8", "grpo.maximum_unscored_share=1"] + more
        let training = try await JudgedTraining(
            Self.judge(failing: failure),
            options: (options + ["judge.endpoint.attempts=1"]).flatMap { ["--set", $0] }
        )
        let result = try await training.train()
        #expect(result.status == 0, "\(result.errors)")
        return training
    }

    /// A number as the text shows it.
    private func shown(_ value: Double) -> String {
        let text = String(format: "%.4f", value).replacing(#/0+$/#, with: "")
        return text.hasSuffix(".") ? text + "0" : text
    }

    @Test("The best and the worst: verdicts with polarity, a sum that comes to the reward, the group beside it")
    func explicit() async throws {
        let training = try await training()
        let rollouts = try training.rollouts()
        let rewards = rollouts.compactMap(\.completion.reward)
        for (name, reward) in [("best", try #require(rewards.max())), ("worst", try #require(rewards.min()))] {
            let explained = try await training.explain(name)
            #expect(explained.status == 0 && explained.errors.isEmpty, "\(explained.errors)")
            let record = try #require(rollouts.first { $0.completion.reward == reward })
            let group = rollouts.filter { $0.completion.task == record.completion.task }
            try expect(explained.output, explains: record, beside: group)
            #expect(try await training.explain("\(record.id)").output == explained.output)
        }
    }

    private func expect(_ text: String, explains record: RolloutRecord, beside group: [RolloutRecord]) throws {
        let reward = try #require(record.completion.reward)
        let isEarly = record.completion.verdicts[1].credited == true
        let rewards = group.compactMap(\.completion.reward)
        let mean = rewards.reduce(0, +) / Double(rewards.count)
        let passages = [
            "Rollout \(record.id): reward \(shown(reward))\n",
            "step 1, task \(record.completion.task), sample \(record.completion.sample), rar-explicit\n",
            "What was asked\n  \(record.completion.task)\n\nWhat was answered (",
            """
            What the judge found
              + c1 Small [essential, a virtue, weight 1.0]
                  statement: Has a small letter.
                  verdict of 127.0.0.1:judge: met → credited
                  because: by its words
              \(isEarly ? "+" : "–") c2 Early [important, a virtue, weight 0.7]
                  statement: Has one of a to f.
                  verdict of 127.0.0.1:judge: \(isEarly ? "met → credited" : "not met → not credited")
                  because: by its words
              – c3 Digits [pitfall, a fault, weight 0.9]
                  statement: Has a digit.
                  verdict of 127.0.0.1:judge: met → not credited: the statement names a fault, and the response has it
                  because: by its words

            How the reward comes about
              weights earned: \(isEarly ? "1.0 + 0.7 = 1.7" : "1.0 = 1.0")
              weights judged: 1.0 + 0.7 + 0.9 = 2.6
              earned / judged = \(shown((isEarly ? 1.7 : 1) / 2.6))
              reward = \(shown(reward))

            Beside its group (\(rewards.count) scored answers to the same prompt)
              rewards \(rewards.sorted(by: >).map(shown).joined(separator: ", "))
              mean \(shown(mean)), this one
            """,
        ]
        for passage in passages { #expect(text.contains(passage), "\(passage)\n— not in —\n\(text)") }
        #expect(
            text.hasSuffix(reward > mean ? "made more likely\n" : reward < mean ? "made less likely\n" : "as it is\n")
        )
    }

    @Test("A rollout without a reward: what was found, what it weighs, and why that is not enough")
    func unscored() async throws {
        let training = try await training()
        let record = try #require(training.rollouts().first { $0.completion.unscored != nil })
        let text = try await training.explain("\(record.id)").output
        for passage in [
            "Rollout \(record.id): unscored\n", "  · c1 Small [essential, a virtue, weight 1.0]\n",
            "verdict of 127.0.0.1:judge: not judged (server_error)\n",
            "Why there is no reward\n  server_error: 73% of the rubric's weight was judged, 75% is needed",
            "The sample takes no part in its group's mean, deviation or loss.\n",
        ] { #expect(text.contains(passage), "\(text)") }
        #expect(!text.contains("How the reward comes about") && !text.contains("credited"))
    }

    @Test("A response that breaks its judge is not credited, and told so")
    func attributed() async throws {
        let training = try await training(failing: Self.filtered)
        let record = try #require(
            training.rollouts().first { $0.completion.verdicts.contains { $0.isPolicyAttributed } }
        )
        let text = try await training.explain("\(record.id)").output
        let expected =
            "verdict of 127.0.0.1:judge: not judged (content_filter) → "
            + "not credited: the response itself made judging fail\n"
        #expect(text.contains(expected), "\(text)")
        #expect(text.contains("  weights judged: 1.0 + 0.7 + 0.9 = 2.6\n"), "\(text)")
    }

    @Test("A rating with its normalization")
    func implicit() async throws {
        let training = try await training(failing: Self.down, ["reward.method=rar-implicit"])
        let record = try #require(training.rollouts().first { $0.completion.rating?.value ?? 0 > 1 })
        let rating = try #require(record.completion.rating?.value)
        let text = try await training.explain("\(record.id)").output
        let expected = """
            What the judge rated
              127.0.0.1:judge: \(shown(rating))
              because: by its words

            How the reward comes about
              (rating − 1) / 9 = (\(shown(rating)) − 1) / 9
              reward = \(shown((rating - 1) / 9))

            """
        #expect(text.contains(expected), "\(text)")
    }

    @Test("No control character of a completion reaches the terminal")
    func controls() async throws {
        let training = try await training()
        let texts = try training.rollouts().map(\.completion.text.unicodeScalars)
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 0x20 && scalar != "\n" && scalar != "\t" }
        let place = try #require(texts.firstIndex { $0.contains(where: isControl) })
        let text = try await training.explain("\(place)").output
        #expect(!text.unicodeScalars.contains(where: isControl))
        #expect(text.contains("(U+"))
    }

    @Test("A rollout that is not there, and a task that is not there any more, are named")
    func missing() async throws {
        let training = try await training()
        for name in ["16", "bset"] {
            let result = try await training.explain(name)
            #expect(result.status == 2 && result.output.isEmpty)
            #expect(
                result.errors.contains("no rollout \(name): name one from 0 to 15, best or worst"),
                "\(result.errors)"
            )
        }
        let rows = training.project.folder.path("train.jsonl")
        let text = try String(contentsOfFile: rows, encoding: .utf8)
        try Data(text.replacing(#""id": ""#, with: #""id": "x"#).utf8).write(to: URL(fileURLWithPath: rows))
        let gone = try await training.explain("0")
        #expect(gone.status == 2 && gone.errors.contains("is not in \(rows) any more"), "\(gone.errors)")
    }
}
