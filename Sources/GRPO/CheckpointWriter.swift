// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies
import Rubrics
import Runs
import Tensors

/// Saves and restores the policy in training: weights as a Hugging Face directory, moments and state beside it.
struct CheckpointWriter: Sendable {
    private static let policyFolder = "policy"
    private static let momentsFile = "optimizer.safetensors"
    private static let stateFile = "state.json"
    private static let sampledFile = "sampled.jsonl"

    let store: CheckpointStore
    let keep: Int
    let machine: MachineDescription

    /// The folder of a checkpoint's weights.
    static func policy(in checkpoint: URL) -> URL { checkpoint.appendingPathComponent(policyFolder) }

    /// Saves everything that the run needs to go on, then removes older checkpoints.
    ///
    /// - Parameters:
    ///   - policy: The policy with its optimiser.
    ///   - state: Where the run stands.
    ///   - sampled: What is sampled for the next step already, with weights that may be gone.
    /// - Returns: The checkpoint.
    /// - Throws: `RunError` or `TensorError` when it cannot be written.
    func save(
        _ policy: PolicyInTraining,
        _ state: TrainingState,
        sampled: [SampledRecord]
    ) async throws -> Checkpoint {
        let prompts = policy.prompts
        let bytes = try await policy.container.perform { $0.weightBytes }
        let checkpoint = try await store.save(step: state.step, needing: 3 * bytes) { folder in
            try Self.sampledLog(in: folder).append(sampled.map(\.json))
            try await policy.container.perform { content in
                try content.model.save(to: Self.policy(in: folder).path, prompts: prompts)
                try content.optimizer.saveMoments(to: folder.appendingPathComponent(Self.momentsFile).path)
                let saved = SavedState(
                    step: state.step,
                    rollouts: state.rollouts,
                    bestScore: state.bestScore.isFinite ? state.bestScore : nil,
                    optimizerStep: content.optimizer.step,
                    randomState: try content.model.engine.randomState(),
                    machine: machine,
                    notes: state.notes
                )
                let text = saved.json.serialized(pretty: true) + "\n"
                try Data(text.utf8).write(to: folder.appendingPathComponent(Self.stateFile))
            }
        }
        try store.prune(keepingLast: keep)
        return checkpoint
    }

    /// Saves the weights alone as the best so far.
    func saveBest(_ policy: PolicyInTraining, step: Int, score: Double) async throws {
        let prompts = policy.prompts
        let bytes = try await policy.container.perform { $0.weightBytes }
        try await store.saveBest(step: step, score: score, needing: bytes) { folder in
            try await policy.container.perform { content in
                try content.model.save(to: Self.policy(in: folder).path, prompts: prompts)
            }
        }
    }

    /// Reads a checkpoint's state.
    static func state(in checkpoint: URL) throws -> SavedState {
        let file = checkpoint.appendingPathComponent(stateFile)
        let bytes = try [UInt8](Data(contentsOf: file))
        return try SavedState(JSONParser.parse(bytes, file: file.relativePath), file: file.relativePath)
    }

    /// Reads what a checkpoint holds of the next step's completions.
    static func sampled(in checkpoint: URL) throws -> [SampledRecord] {
        let log = sampledLog(in: checkpoint)
        return try log.values().map { try SampledRecord($0, file: log.url.relativePath) }
    }

    private static func sampledLog(in checkpoint: URL) -> JSONLinesLog {
        JSONLinesLog(checkpoint.appendingPathComponent(sampledFile))
    }

    /// Restores the moments and libtorch's generator.
    static func restore(_ state: SavedState, from checkpoint: URL, into policy: PolicyInTraining) async throws {
        let moments = checkpoint.appendingPathComponent(momentsFile).path
        try await policy.container.perform { content in
            try content.optimizer.restoreMoments(from: moments)
            content.optimizer.step = state.optimizerStep
            try content.model.engine.setRandomState(state.randomState)
        }
    }
}

extension PolicyInTraining.Content {
    /// The size of the fp32 weights.
    fileprivate var weightBytes: Int {
        model.parameters.reduce(0) { $0 + $1.master.count * 4 }
    }
}

extension AdamW {
    private var moments: [(name: String, tensor: Tensor)] {
        zip(parameters, firstMoments).map { ("first." + $0.name, $1) }
            + zip(parameters, secondMoments).map { ("second." + $0.name, $1) }
    }

    fileprivate func saveMoments(to path: String) throws {
        let moments = moments
        let writer = try SafetensorsWriter(
            path: path,
            tensors: moments.map { ($0.name, $0.tensor.shape) },
            format: .f32
        )
        for (_, tensor) in moments { try tensor.floats().withUnsafeBufferPointer(writer.append) }
        try writer.finish()
    }

    fileprivate func restoreMoments(from path: String) throws {
        let file = try SafetensorsFile(path: path)
        let stored = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
        for (name, tensor) in moments {
            guard let source = stored[name], source.format == .f32, source.shape == tensor.shape else {
                throw TrainingError(.checkpoint, "\(path) has no f32 tensor \(name) of shape \(tensor.shape)")
            }
            try file.withBytes(of: source) { try tensor.copy(from: $0) }
        }
    }
}
