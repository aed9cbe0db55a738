// SPDX-License-Identifier: Apache-2.0

import Evaluation
public import Foundation
import Policies
import Rubrics
public import Runs
public import Tensors

/// A recipe made ready to run: data read and checked, policy loaded, files opened.
public struct TrainingSession: Sendable {
    /// What the recipe's tasks come to.
    public let inputs: TrainingInputs
    /// The run's files.
    public let recorder: TrainingRecorder
    private let trainer: GRPOTrainer
    private let start: TrainingState
    private let warnings: [String]

    /// Starts a run in a fresh directory.
    ///
    /// - Parameters:
    ///   - inputs: The recipe with its data.
    ///   - engine: libtorch.
    ///   - threads: The engine's threads.
    ///   - now: The wall clock.
    ///   - root: The folder of all runs. The run's own is made when all else is ready, so that a recipe that cannot start
    ///     moves no older run away.
    ///   - recipeText: What the run keeps as its recipe.
    ///   - grading: Makes what grades, once the run's folder is there.
    /// - Returns: A session ready to run.
    /// - Throws: What loading the model and opening the files throw, `ContextOverflow` for a prompt that does not fit.
    public static func start(
        _ inputs: TrainingInputs,
        engine: TorchEngine,
        threads: Int,
        now: @escaping @Sendable () -> Date,
        root: URL,
        recipeText: String,
        grading: (RunDirectory) async throws -> RunGrading
    ) async throws -> TrainingSession {
        let machine = MachineDescription(engine, threads: threads)
        let policy = try await PolicyInTraining(inputs, weights: inputs.modelPath, engine: engine, threads: threads)
        let run = try RunDirectory.create(
            root: root,
            name: inputs.recipe.name,
            contents: [
                RunDirectory.recipeName: recipeText,
                RunDirectory.machineName: machine.json.serialized(pretty: true) + "\n",
            ]
        )
        return TrainingSession(
            inputs,
            recorder: TrainingRecorder(run: run, now: now),
            grading: try await grading(run),
            policy: policy,
            machine: machine,
            start: TrainingState(),
            warnings: []
        )
    }

    /// Goes on with a killed or finished run from its newest checkpoint.
    public static func resume(
        _ inputs: TrainingInputs,
        in run: RunDirectory,
        engine: TorchEngine,
        threads: Int,
        now: @escaping @Sendable () -> Date,
        grading: (RunDirectory) async throws -> RunGrading
    ) async throws -> TrainingSession {
        let machine = MachineDescription(engine, threads: threads)
        try run.checkpoints.repair()
        var start = TrainingState()
        let checkpoint = try run.checkpoints.latest()
        start.resumedAfter = checkpoint?.step ?? -1
        let weights = checkpoint.map { CheckpointWriter.policy(in: $0.url).path } ?? inputs.modelPath
        let policy = try await PolicyInTraining(inputs, weights: weights, engine: engine, threads: threads)
        let recorder = try TrainingRecorder(
            run: run,
            resumingAfter: checkpoint?.step ?? -1,
            now: now,
            isWhole: { RecordedStep.isWhole($0, grpo: inputs.recipe.grpo) }
        )
        let saved = try checkpoint.map { try CheckpointWriter.state(in: $0.url) }
        if let checkpoint, let saved {
            try await CheckpointWriter.restore(saved, from: checkpoint.url, into: policy)
            try start.restore(saved, from: run)
            start.sampled = try CheckpointWriter.sampled(in: checkpoint.url)
        }
        var warnings: [String] = []
        let before = try saved?.machine ?? MachineDescription(of: run)
        if let before, before != machine {
            let note =
                "resumed on \(machine.json.serialized()) after \(before.json.serialized()): "
                + "numbers may differ from an uninterrupted run's"
            start.notes.append(note)
            warnings.append(note)
        }
        return TrainingSession(
            inputs,
            recorder: recorder,
            grading: try await grading(run),
            policy: policy,
            machine: machine,
            start: start,
            warnings: warnings
        )
    }

    private init(
        _ inputs: TrainingInputs,
        recorder: TrainingRecorder,
        grading: RunGrading,
        policy: PolicyInTraining,
        machine: MachineDescription,
        start: TrainingState,
        warnings: [String]
    ) {
        self.inputs = inputs
        self.recorder = recorder
        self.start = start
        self.warnings = warnings
        trainer = GRPOTrainer(
            recipe: inputs.recipe,
            tasks: inputs.train,
            grading: grading,
            heldOut: inputs.heldOutEvaluation(grading),
            policy: policy,
            checkpoints: CheckpointWriter(
                store: recorder.run.checkpoints,
                keep: inputs.recipe.checkpoints.keep,
                machine: machine
            ),
            notes: inputs.notes,
            stored: { recorder.storedRollouts(step: $0) }
        )
    }

    /// Trains to the end; each event is recorded before `observe` sees it.
    ///
    /// - Parameters:
    ///   - stopping: Asked after each step; when true, the run saves a checkpoint and ends early.
    ///   - observe: Sees each event.
    /// - Returns: Whether the run has finished, was stopped on the way, or paused.
    /// - Throws: What training throws; files hold whole lines then.
    @discardableResult
    public func run(
        stopping: @escaping @Sendable () -> Bool = { false },
        observe: (TrainingEvent) throws -> Void
    ) async throws -> TrainingEnd {
        var recorder = recorder
        var end = TrainingEnd.stopped
        let (trainer, start, warnings) = (trainer, start, warnings)
        try await TrainingEvents.run { emit in
            for warning in warnings { try await emit(.warned(warning)) }
            try await trainer.train(from: start, stopping: stopping, emit: emit)
        } consumer: { events in
            for try await event in events {
                try recorder.record(event)
                try observe(event)
                switch event {
                case .finished: end = .finished
                case .paused(_, let reason): end = .paused(reason: reason)
                default: break
                }
            }
        }
        return end
    }
}

/// How a run's process came to its end.
public enum TrainingEnd: Sendable, Hashable {
    /// All steps are made and the summary is written.
    case finished
    /// It was asked to stop, and saved a checkpoint to go on from.
    case stopped
    /// Too many completions of a step stayed unscored; it saved a checkpoint of the state before that step.
    case paused(reason: String)
}

extension TrainingState {
    fileprivate mutating func restore(_ saved: SavedState, from run: RunDirectory) throws {
        try run.metrics.read { value in
            let metrics = try StepMetrics(value, file: run.metrics.url.relativePath)
            if metrics.step > 0 { finish(metrics) }
        }
        step = saved.step
        savedStep = saved.step
        rollouts = saved.rollouts
        notes = saved.notes
        bestScore = saved.bestScore ?? -.infinity
        let records = try run.heldOut.values().map { try HeldOutRecord($0) }
        before = records.filter { $0.completion.step == 0 }
        let last = records.map(\.completion.step).max() ?? 0
        after = records.filter { $0.completion.step == last }
    }
}

extension MachineDescription {
    /// The machine that a run was started on; `nil` where the file is gone.
    fileprivate init?(of run: RunDirectory) throws {
        guard let text = try? Data(contentsOf: run.machineFile) else { return nil }
        self.init(try JSONParser.parse(Array(text), file: run.machineFile.relativePath))
    }

    fileprivate init(_ engine: TorchEngine, threads: Int) {
        self.init(
            engine: engine.buildIdentity,
            torch: engine.torchVersion,
            cpu: engine.cpuCapability + (engine.supportsPackedDecoding ? "+BF16" : ""),
            threads: threads
        )
    }
}
