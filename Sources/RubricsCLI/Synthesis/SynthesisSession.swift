// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ChatModels
import Foundation
import Judging
import Ledger
import Rubrics
import Runs
import Synthesis

/// Writes rubrics for a command: reaches the models, shows progress, stops at Ctrl-C, and closes what it opened.
struct SynthesisSession: Sendable {
    /// What writing came to.
    struct Outcome: Sendable {
        /// Counts and costs.
        var summary: SynthesisSummary
        /// How long it took.
        var seconds: Double
        /// Why it ended before the last prompt, as a line for the user; `nil` where it did not.
        var halt: String?
    }

    private let plan: SynthesisPlan
    private let files: SynthesisFiles
    private let limit: Int?
    private let total: Int
    private let ledger: Ledger

    /// Opens the ledger and counts the prompts.
    ///
    /// - Throws: `LedgerError`, `RunError` for prompts that cannot be read, ``CommandFailure`` where there are none.
    init(_ plan: SynthesisPlan, files: SynthesisFiles, limit: Int?) throws {
        self.plan = plan
        self.files = files
        self.limit = limit
        var prompts = try PromptFile(files.prompts)
        var count = 0
        while count < limit ?? .max, try prompts.skip() { count += 1 }
        guard count > 0 else { throw CommandFailure("\(files.prompts) holds no prompts: write one a line") }
        total = count
        ledger = try Ledger(at: files.ledger) { Int(Date().timeIntervalSince1970) }
    }

    /// Writes the rubrics.
    ///
    /// - Returns: Counts and costs.
    /// - Throws: What reaching a model and the files throw; `ExitCode` after an interruption.
    func run() async throws -> Outcome {
        let reached = try await ReachedModels(
            addresses: [plan.model] + (plan.referenceModel.map { [$0] } ?? []),
            settings: plan.settings.endpoint,
            maxTokens: plan.settings.maxTokens,
            known: ledger.judges()
        )
        do {
            let models = try await JudgeModels(
                reached,
                in: ledger,
                settings: plan.settings.budget,
                section: "budget"
            )
            let outcome = try await withTaskExecutorPreference(reached.executor) { try await write(by: models) }
            await reached.close()
            return outcome
        } catch {
            await reached.close()
            throw error is CancellationError ? CommandFailure.interruptedWriting() : error
        }
    }

    private func write(by models: JudgeModels) async throws -> Outcome {
        guard let model = models.entries[0] else {
            throw CommandFailure("--model is checks, which writes nothing: name a model, for example openai:gpt-4o")
        }
        let synthesis = RowSynthesis(
            model,
            referenceModel: models.entries.count > 1 ? models.entries[1] : nil,
            configuration: plan.configuration(secret: ledger.secret)
        )
        let job = SynthesisJob(.init(calls: plan.settings.endpoint.concurrency)) { try await synthesis.synthesize($0) }
        return try await Interruption(message: "stopping; what was answered is kept").cancellingAtOnce {
            try await write(job)
        }
    }

    private func write(_ job: SynthesisJob) async throws -> Outcome {
        let start = ContinuousClock.now
        let (rubrics, aside) = (try LineFile(files.out), try LineFile(files.aside))
        var prompts = try PromptFile(files.prompts)
        var begun = 0
        var summary = SynthesisSummary()
        var progress = SynthesisProgress(total: total, line: Terminal.progressLine())
        let ending = try await job.run(
            next: {
                guard begun < total else { return nil }
                begun += 1
                return try prompts.next()
            },
            finished: { line in
                summary.add(line)
                progress.show(summary)
            },
            emit: { line in
                if let row = line.rubric { try rubrics.write(line: row) }
                if let row = line.aside { try aside.write(line: row) }
            }
        )
        progress.clear()
        try rubrics.finish()
        try aside.finish()
        let seconds = (ContinuousClock.now - start).seconds
        return Outcome(summary: summary, seconds: seconds, halt: halt(ending, summary))
    }

    /// What tells the user why not all prompts were worked on, and how to go on.
    private func halt(_ ending: SynthesisJob.Ending, _ summary: SynthesisSummary) -> String? {
        guard case .stopped(let reason) = ending else { return nil }
        let left = total - summary.count
        let isBudget = reason.reason == .failed(.budget)
        let why = isBudget ? "the budget is used up: raise --budget" : reason.detail
        return
            "rubrics: stopped with \(left) prompts left: \(why); what was answered is kept: run the command again to go "
            + "on\n"
    }
}

extension CommandFailure {
    /// Tells that writing was stopped; what the command ends with.
    fileprivate static func interruptedWriting() -> any Error {
        Terminal.writeError("rubrics: interrupted; what was answered is kept: run the same command again to go on\n")
        return ExitCode(ExitStatus.interrupted)
    }
}
