// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ChatModels
import Foundation
import Judging
import Ledger
import Rewards
import Rubrics
import Runs

/// Grades rows for a command: reaches the models, shows progress, stops at Ctrl-C, and closes what it opened.
struct GradingSession: Sendable {
    /// What grading came to.
    struct Outcome<Product: Sendable>: Sendable {
        /// What was made of the rows.
        var product: Product
        /// Counts and costs.
        var summary: JudgeSummary
        /// How long it took.
        var seconds: Double
    }

    let settings: GradingSettings
    let ledger: Ledger

    /// Opens the ledger.
    ///
    /// - Throws: `LedgerError`.
    init(_ settings: GradingSettings, ledger path: String) throws {
        self.settings = settings
        ledger = try Ledger(at: path) { Int(Date().timeIntervalSince1970) }
    }

    /// Grades with a ledger that is open already.
    init(_ settings: GradingSettings, sharing ledger: Ledger) {
        self.settings = settings
        self.ledger = ledger
    }

    /// Grades rows.
    ///
    /// - Parameters:
    ///   - rows: The responses.
    ///   - tasks: Each row's task, as the method judges it.
    ///   - sink: Makes what takes the rows, given the judge's name.
    /// - Returns: What the sink made, with counts and costs.
    /// - Throws: What reaching a model, judging and the sink throw; `ExitCode` after an interruption.
    func grade<Sink: ScoredLineSink>(
        _ rows: [ResponseRow],
        of tasks: [RubricTask],
        into sink: @escaping @Sendable (_ judge: String) throws -> Sink
    ) async throws -> Outcome<Sink.Product> {
        let reached = try await ReachedModels(settings.judge, known: ledger.judges())
        do {
            let models = try await JudgeModels(reached, in: ledger, settings: settings.judge.budget)
            let outcome = try await withTaskExecutorPreference(reached.executor) {
                try await grade(rows, of: tasks, by: models, into: sink)
            }
            await reached.close()
            return outcome
        } catch {
            await reached.close()
            throw error is CancellationError ? CommandFailure.interruptedGrading() : error
        }
    }

    private func grade<Sink: ScoredLineSink>(
        _ rows: [ResponseRow],
        of tasks: [RubricTask],
        by models: JudgeModels,
        into sink: @escaping @Sendable (String) throws -> Sink
    ) async throws -> Outcome<Sink.Product> {
        let method = settings.method
        let composition = try JudgeComposition(
            settings.judge,
            method: method,
            secret: ledger.secret,
            tasks: tasks.distinct.map(method.judgedTask)
        )
        let job = JudgeJob(
            rows: rows,
            tasks: tasks,
            grader: Grader(method, judge: try composition.judge(models)),
            ledger: ledger,
            calls: settings.judge.endpoint.concurrency * max(1, models.entries.count)
        )
        let judge = models.entries.map { $0?.name ?? "checks" }.joined(separator: " + ")
        return try await Interruption(message: "stopping; what was answered is kept").cancellingAtOnce {
            try await Self.run(job, total: rows.count, into: sink(judge))
        }
    }

    private static func run<Sink: ScoredLineSink>(
        _ job: JudgeJob,
        total: Int,
        into sink: Sink
    ) async throws -> Outcome<Sink.Product> {
        let start = ContinuousClock.now
        var (sink, summary) = (sink, JudgeSummary())
        var progress = JudgeProgress(total: total, line: Terminal.progressLine())
        try await job.run { line in
            try sink.add(line)
            summary.add(line)
            progress.show(summary)
        }
        progress.clear()
        let seconds = (ContinuousClock.now - start).seconds
        return Outcome(product: try sink.finish(), summary: summary, seconds: seconds)
    }
}

extension [RubricTask] {
    /// Each task once.
    fileprivate var distinct: [RubricTask] {
        var seen: Set<ExactText> = []
        return filter { seen.insert(ExactText($0.id)).inserted }
    }
}

extension CommandFailure {
    /// Tells that grading was stopped; what the command ends with.
    fileprivate static func interruptedGrading() -> any Error {
        Terminal.writeError("rubrics: interrupted; what was answered is kept: run the same command again to go on\n")
        return ExitCode(ExitStatus.interrupted)
    }
}
