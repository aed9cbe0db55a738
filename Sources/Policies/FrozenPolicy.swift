// SPDX-License-Identifier: Apache-2.0

public import Tensors

/// A policy that is only sampled from.
public struct FrozenPolicy: CompletionSampling {
    /// How a frozen policy is loaded.
    public struct Configuration: Sendable, Hashable {
        /// The type that matrices compute in.
        public var computeType: DType
        /// The most completions decoded together.
        public var maximumRows: Int
        /// The longest completion.
        public var maximumCompletionTokens: Int
        /// Where decoding runs.
        public var path: Sampler.Path
        /// The engine's threads.
        public var threads: Int

        /// Makes a configuration.
        public init(
            computeType: DType = .bfloat16,
            maximumRows: Int = 32,
            maximumCompletionTokens: Int,
            path: Sampler.Path = .automatic,
            threads: Int
        ) {
            self.computeType = computeType
            self.maximumRows = maximumRows
            self.maximumCompletionTokens = maximumCompletionTokens
            self.path = path
            self.threads = threads
        }
    }

    /// How chats become tokens.
    public let prompts: PromptFormat
    private let container: ModelContainer<Sampler>

    /// Loads the model at `path`.
    ///
    /// - Throws: ``ModelFileError`` or `TensorError` when it cannot be loaded.
    public init(_ path: String, engine: TorchEngine, configuration: Configuration) async throws {
        try await self.init(ModelFile.open(path), engine: engine, configuration: configuration)
    }

    /// Loads an open model.
    ///
    /// - Throws: ``ModelFileError`` or `TensorError` when it cannot be loaded.
    package init(_ file: ModelFile, engine: TorchEngine, configuration: Configuration) async throws {
        prompts = try PromptFormat(file)
        container = try await ModelContainer {
            try engine.setThreadCount(configuration.threads)
            let model = try DecoderModel.load(
                file,
                purpose: .inference,
                computeType: configuration.computeType,
                engine: engine
            )
            return try Sampler(
                model: model,
                maximumRows: configuration.maximumRows,
                maximumRowTokens: configuration.maximumCompletionTokens,
                path: configuration.path
            )
        }
    }

    /// Samples every request's completions, in order.
    public func sample(
        _ requests: [SamplingRequest],
        options: SamplingOptions,
        finished: (@Sendable (FinishedCompletion) -> Void)?,
        observer: (@Sendable (_ tokens: Int) -> Void)?
    ) async throws -> [[SampledTokens]] {
        try await container.perform { sampler in
            try sampler.sample(requests, options: options, finished: finished, counting: observer)
        }
    }

    /// Samples one completion and hands its tokens over as they are drawn, on the engine thread.
    public func stream(
        _ prompt: [Int32],
        draws: DrawStream,
        options: SamplingOptions,
        onToken: @escaping @Sendable (Int32) throws -> Void
    ) async throws -> SampledTokens {
        try await container.perform { sampler in
            let request = SamplingRequest(prompt: prompt, streams: [draws])
            let results = try sampler.sample([request], options: options) { _, token in try onToken(token) }
            return results[0][0]
        }
    }

    /// The log-probability of each continuation's whole token sequence after `prompt`, in nats.
    ///
    /// - Parameters:
    ///   - continuations: Tokens that may follow; the empty sequence follows for certain.
    ///   - prompt: Tokens; not empty.
    /// - Returns: One number a continuation.
    /// - Throws: `TensorError` when a text does not fit the context.
    package func logprobs(of continuations: [[Int32]], after prompt: [Int32]) async throws -> [Double] {
        try await container.perform { try $0.logprobs(of: continuations, after: prompt) }
    }
}

extension Sampler {
    /// Samples and reports how many tokens were drawn so far after each.
    package mutating func sample(
        _ requests: [SamplingRequest],
        options: SamplingOptions,
        finished: (@Sendable (FinishedCompletion) -> Void)?,
        counting observer: (@Sendable (_ tokens: Int) -> Void)?
    ) throws -> [[SampledTokens]] {
        var drawn = 0
        let count: Observer = { _, _ in
            drawn += 1
            observer?(drawn)
        }
        return try sample(requests, options: options, observer: count, finished: finished)
    }
}
