// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Rubrics
import Runs
import Synthesis

/// Converts row after row and says what became of them.
struct ConversionRun {
    private let target: RubricFormat
    private let undecided: UndecidedPolarity
    private let onLoss: OnLoss
    private let prompts: PromptTable

    /// The rows that were converted.
    private(set) var rowCount = 0
    /// The rows that were not.
    private(set) var failureCount = 0
    private var source: RubricFormat?
    private var losses = LossReport()
    private var noteCount = 0

    /// As many notes are shown; all of them are counted.
    private static let notesShown = 20

    init(target: RubricFormat, undecided: UndecidedPolarity, onLoss: OnLoss, prompts: PromptTable) {
        self.target = target
        self.undecided = undecided
        self.onLoss = onLoss
        self.prompts = prompts
    }

    /// Converts a row; one that is wrong is named on standard error.
    ///
    /// - Throws: `ExitCode` when a score would change and that is refused, ``CommandFailure`` when it cannot be written.
    mutating func take(_ row: RubricRowFile.Row, into output: ConversionOutput) throws {
        switch row.task {
        case .failure(let error): fail(error)
        case .success(let task):
            note(row.notes)
            let from = row.format ?? .native
            source = source ?? from
            let conversion = Conversion(from: from, to: target, undecided: undecided)
            do {
                let task = prompts.completed(task)
                let result = try conversion.convert(task, index: rowCount)
                try refuse(result.losses, of: row)
                try output.add(result.row, id: task.id, by: conversion)
                losses.add(result.losses, at: row.place?.error("").place ?? "")
                rowCount += 1
            } catch let error as ConversionError {
                fail(row.place?.error(error.message, remedy: error.remedy) ?? error)
            }
        }
    }

    /// Says what is lost, and puts the output in its place.
    ///
    /// - Throws: ``CommandFailure`` when it cannot be written.
    func finish(_ output: ConversionOutput) throws {
        if noteCount > Self.notesShown {
            Terminal.writeError("note: \(noteCount - Self.notesShown) more rows are irregular\n")
        }
        for line in losses.lines { Terminal.writeError(line + "\n") }
        guard rowCount > 0 else { return output.discard() }
        try output.finish()
        let rows = rowCount == 1 ? "1 row" : "\(ProgressText.grouped(rowCount)) rows"
        let failed = failureCount == 0 ? "" : ", \(ProgressText.grouped(failureCount)) failed"
        Terminal.writeError("\(output.name): \(rows), \(source?.rawValue ?? "") to \(target.rawValue)\(failed)\n")
    }

    private mutating func fail(_ error: any Error) {
        failureCount += 1
        Terminal.writeError("\(error)\n")
    }

    private mutating func note(_ notes: [String]) {
        for note in notes {
            noteCount += 1
            if noteCount <= Self.notesShown { Terminal.writeError("note: \(note)\n") }
        }
    }

    private func refuse(_ losses: [ConversionLoss], of row: RubricRowFile.Row) throws {
        guard onLoss == .refuse, let loss = losses.first(where: \.changesScore) else { return }
        let criterion = loss.criterion.map { " of \($0)" } ?? ""
        let message = "\(loss.kind.rawValue)\(criterion) would change the score: \(loss.detail)"
        let remedy = "nothing is written; --on-loss warn converts all the same"
        let error = row.place?.error(message, remedy: remedy).description ?? "\(message); \(remedy)"
        Terminal.writeError("\(error)\n")
        throw ExitCode(ExitStatus.partial)
    }
}
