// SPDX-License-Identifier: Apache-2.0

public import Policies
import Tensors

/// The policy that a run trains, with its optimiser, sampler and reference, on its own engine thread.
public struct PolicyInTraining: CompletionSampling {
    /// What lives on the engine thread.
    struct Content {
        var model: DecoderModel
        var sampler: Sampler
        var optimizer: AdamW
        /// The starting policy, kept for the KL term alone.
        var reference: DecoderModel?
    }

    /// What the thread needs to know of a run.
    struct Configuration: Sendable {
        var computeType: DType
        var optimizer: AdamW.Configuration
        var keepsReference: Bool
        var maximumRows: Int
        var maximumCompletionTokens: Int
        var threads: Int
        var seed: UInt64
        var device: Device
    }

    /// How chats become tokens.
    public let prompts: PromptFormat
    let container: ModelContainer<Content>

    /// Loads the policy.
    ///
    /// - Parameters:
    ///   - path: The weights to train from: the recipe's model, or a checkpoint's.
    ///   - base: The run's starting weights, for the reference.
    ///   - engine: libtorch.
    ///   - configuration: What the thread needs to know.
    /// - Throws: `ModelFileError` or `TensorError` when the policy cannot be loaded.
    init(_ path: String, base: String, engine: TorchEngine, configuration: Configuration) async throws {
        let file = try ModelFile.open(path)
        let baseFile = try configuration.keepsReference ? ModelFile.open(base) : nil
        prompts = try PromptFormat(file)
        container = try await ModelContainer {
            try engine.setThreadCount(configuration.threads)
            try engine.useDeterministicAlgorithms()
            try engine.seedRandom(configuration.seed)
            func load(_ file: ModelFile, _ purpose: DecoderModel.Purpose) throws -> DecoderModel {
                try DecoderModel.load(
                    file,
                    purpose: purpose,
                    computeType: configuration.computeType,
                    engine: engine,
                    device: configuration.device
                )
            }
            let model = try load(file, .training)
            return Content(
                model: model,
                sampler: try Sampler(
                    model: model,
                    maximumRows: configuration.maximumRows,
                    maximumRowTokens: configuration.maximumCompletionTokens
                ),
                optimizer: try AdamW(model.parameters, configuration: configuration.optimizer),
                reference: try baseFile.map { try load($0, .inference) }
            )
        }
    }

    /// Samples every request's completions with the present weights.
    public func sample(
        _ requests: [SamplingRequest],
        options: SamplingOptions,
        finished: (@Sendable (FinishedCompletion) -> Void)?,
        observer: (@Sendable (_ tokens: Int) -> Void)?
    ) async throws -> [[SampledTokens]] {
        try await container.perform { content in
            try content.sampler.sample(requests, options: options, finished: finished, counting: observer)
        }
    }
}
