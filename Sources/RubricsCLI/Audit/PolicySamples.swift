// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Judging
import Ledger
import Rewards
import Rubrics
import Runs

/// Asks a policy for answers to rubrics' prompts.
struct PolicySamples: Sendable {
    /// The policy: a folder, a GGUF file, or what `--judge` takes.
    let address: String
    /// How many answers each prompt gets.
    let count: Int
    /// The longest answer, in tokens.
    let maxTokens: Int

    /// The answers.
    ///
    /// - Parameters:
    ///   - tasks: The prompts.
    ///   - settings: How endpoints are used and what may be spent.
    ///   - ledger: Where answers are kept, so that none is asked for twice.
    /// - Returns: The answers by the task's identifier; an answer that failed is left out.
    /// - Throws: What reaching the policy throws, and `CancellationError`.
    func answers(
        to tasks: [RubricTask],
        settings: JudgeSettings,
        in ledger: Ledger
    ) async throws -> [ExactText: [String]] {
        var policy = settings
        policy.models = [modelAddress]
        (policy.command, policy.escalateTo, policy.maxTokens) = ([], "", maxTokens)
        let reached = try await ReachedModels(policy, known: ledger.judges())
        do {
            let models = try await JudgeModels(reached, in: ledger, settings: policy.budget)
            let answers = try await ask(models.entries.first ?? nil, tasks, width: policy.endpoint.concurrency)
            await reached.close()
            return answers
        } catch {
            await reached.close()
            throw error
        }
    }

    private var modelAddress: String {
        FileManager.default.fileExists(atPath: address) ? "local:\(address)" : address
    }

    private func ask(
        _ model: (any ChatModel)?,
        _ tasks: [RubricTask],
        width: Int
    ) async throws -> [ExactText: [String]] {
        guard let model else {
            throw CommandFailure("--policy \(address) is no model: name a folder, a file or an address")
        }
        var questions = tasks.flatMap { task in (0..<count).map { (task: task, vote: $0) } }.makeIterator()
        var progress = Terminal.progressLine()
        return try await withThrowingTaskGroup(of: (task: String, vote: Int, answer: String?).self) { group in
            func addNext() {
                guard let (task, vote) = questions.next() else { return }
                group.addTask { (task.id, vote, try await answer(to: task, vote: vote, of: model)) }
            }
            for _ in 0..<width { addNext() }
            var answers: [ExactText: [Int: String]] = [:]
            var done = 0
            while let next = try await group.next() {
                addNext()
                answers[ExactText(next.task), default: [:]][next.vote] = next.answer
                done += 1
                progress.show("\(done)/\(tasks.count * count) answers of the policy")
            }
            progress.clear()
            return answers.mapValues { votes in votes.sorted { $0.key < $1.key }.map(\.value) }
        }
    }

    private func answer(to task: RubricTask, vote: Int, of model: any ChatModel) async throws -> String? {
        let request = ChatRequest(messages: task.prompt, temperature: 1, maxTokens: maxTokens, vote: vote)
        do {
            return try await model.reply(to: request).text
        } catch is ChatModelError {
            return nil
        }
    }
}
