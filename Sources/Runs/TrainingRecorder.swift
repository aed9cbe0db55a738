// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Rubrics

/// Writes a run's files from its events.
///
/// Each event is on disk when ``record(_:)`` returns. After a kill, ``init(run:resumingAfter:now:isWhole:)``
/// brings the files back to the checkpoint: metrics, TensorBoard events and held-out results past it are cut and will
/// be derived anew, while the rollouts of later steps stay, are offered by ``storedRollouts(step:)`` and are not
/// written twice.
public struct TrainingRecorder: Sendable {
    /// The run.
    public let run: RunDirectory
    private let now: @Sendable () -> Date
    private var lastGradedStep = 0
    private var stored: [Int: [RolloutRecord]] = [:]

    /// Records a run from its start.
    ///
    /// - Parameters:
    ///   - run: The run's folder, made by `RunDirectory.create`.
    ///   - now: The wall clock for TensorBoard's time axis.
    public init(run: RunDirectory, now: @escaping @Sendable () -> Date) {
        self.run = run
        self.now = now
    }

    /// Records a run that goes on after a checkpoint.
    ///
    /// - Parameters:
    ///   - run: The run's folder, opened by `RunDirectory.resume`.
    ///   - step: The checkpoint's step; -1 when the run was killed before its first checkpoint.
    ///   - now: The wall clock for TensorBoard's time axis.
    ///   - isWhole: Whether these are all rollouts of a step; a last step that is not whole is cut.
    /// - Throws: ``RunError`` or `DocumentError` when a file cannot be read or cut.
    public init(
        run: RunDirectory,
        resumingAfter step: Int,
        now: @escaping @Sendable () -> Date,
        isWhole: (_ rollouts: [RolloutRecord]) -> Bool
    ) throws {
        self.init(run: run, now: now)
        try run.checkpoints.repair()
        try run.metrics.truncate(after: step)
        try run.heldOut.truncate(after: step)
        try run.tensorBoard.truncate(after: step)
        try DurableFile.remove(run.summaryFile)
        try run.rollouts.repair()
        try loadRollouts(after: step)
        try cutTornStep(isWhole)
    }

    /// The rollouts of a step that a killed process had already sampled and judged; `nil` when the step is to be made.
    public func storedRollouts(step: Int) -> [RolloutRecord]? {
        stored[step]
    }

    /// Writes what an event brings.
    ///
    /// - Throws: ``RunError`` when the disk refuses; the files then hold whole lines.
    public mutating func record(_ event: TrainingEvent) throws {
        switch event {
        case .graded(let step, let rollouts):
            guard step > lastGradedStep else { break }
            try run.rollouts.append(rollouts.map(\.json))
            lastGradedStep = step
        case .evaluated(_, let samples):
            try run.heldOut.append(samples.map(\.json))
        case .finishedStep(let metrics):
            stored[metrics.step] = nil
            try run.metrics.append([metrics.json])
            try run.tensorBoard.append(metrics, at: now())
        case .finished(let summary):
            try run.write(summary)
        case .started, .progressed, .saved, .paused, .warned:
            break
        }
    }

    private mutating func cutTornStep(_ isWhole: ([RolloutRecord]) -> Bool) throws {
        let last = lastGradedStep
        guard let rollouts = stored[last], !isWhole(rollouts) else { return }
        try run.rollouts.truncate(after: last - 1)
        stored[last] = nil
        lastGradedStep = last - 1
    }

    private mutating func loadRollouts(after step: Int) throws {
        var last = 0
        var stored: [Int: [RolloutRecord]] = [:]
        try run.rollouts.read { value in
            let own = value["step"]?.int ?? 0
            last = max(last, own)
            guard own > step else { return }
            try stored[own, default: []].append(RolloutRecord(value, file: run.rollouts.url.relativePath))
        }
        lastGradedStep = last
        self.stored = stored
    }
}
