// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// How tokens are drawn.
public struct SamplingOptions: Sendable, Hashable {
    /// Divides the logits; 0 always takes the most likely token.
    public var temperature: Double
    /// Only the smallest set of tokens with at least this probability; 1 for all.
    public var topP: Double
    /// Only this many most likely tokens; 0 for all.
    public var topK: Int
    /// The longest completion, in tokens.
    public var maxTokens: Int
    /// Tokens that end a completion, and are part of it.
    public var stopTokens: Set<Int32>

    /// Makes options.
    public init(
        temperature: Double = 1,
        topP: Double = 1,
        topK: Int = 0,
        maxTokens: Int,
        stopTokens: Set<Int32>
    ) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.maxTokens = maxTokens
        self.stopTokens = stopTokens
    }
}

/// Why sampling ended.
public enum StopReason: String, Sendable, Hashable, Codable, CaseIterable {
    case endOfSequence = "end_of_sequence"
    case maxTokens = "max_tokens"
    case contextOverflow = "context_overflow"
    case cancelled

    /// Whether the completion might have gone on: it ran into the limit or the end of the context.
    package var isTruncation: Bool { self == .maxTokens || self == .contextOverflow }
}

/// The uniform numbers of one completion, each derived from its position alone, so that neither batching nor resuming
/// changes a draw.
public struct DrawStream: Sendable, Hashable {
    private let seed: UInt64
    private let step: UInt64
    private let task: UInt64
    private let sample: UInt64

    /// The stream of one sample of one task in one step.
    public init(seed: UInt64, step: Int, task: UInt64, sample: Int) {
        self.seed = seed
        self.step = UInt64(step)
        self.task = task
        self.sample = UInt64(sample)
    }

    /// The number in [0, 1) for the token at `position`.
    func uniform(at position: Int) -> Double {
        var generator = SplitMix64(seed: seed, path: step, task, sample, UInt64(position))
        return generator.uniform()
    }
}

/// A prompt and the completions wanted of it.
public struct SamplingRequest: Sendable, Hashable {
    /// The prompt's tokens; not empty.
    public var prompt: [Int32]
    /// One stream for each completion.
    public var streams: [DrawStream]

    /// Asks for one completion a stream.
    public init(prompt: [Int32], streams: [DrawStream]) {
        self.prompt = prompt
        self.streams = streams
    }
}

/// What the policy produced for a prompt.
public struct SampledTokens: Sendable, Hashable {
    /// The tokens, the stop token included.
    public var tokens: [Int32]
    /// Each token's log-probability at sampling time, at the sampling temperature, over the whole vocabulary.
    public var samplingLogprobs: [Float]
    /// Why sampling ended.
    public var stopReason: StopReason

    /// Makes a value.
    public init(tokens: [Int32] = [], samplingLogprobs: [Float] = [], stopReason: StopReason = .maxTokens) {
        self.tokens = tokens
        self.samplingLogprobs = samplingLogprobs
        self.stopReason = stopReason
    }
}

/// A completion that has just ended, while others may still be under way.
public struct FinishedCompletion: Sendable, Hashable {
    /// The place of its request.
    public var request: Int
    /// The place of its stream in the request.
    public var sample: Int
    /// What was drawn.
    public var completion: SampledTokens

    /// Makes a value.
    public init(request: Int, sample: Int, completion: SampledTokens) {
        self.request = request
        self.sample = sample
        self.completion = completion
    }
}
