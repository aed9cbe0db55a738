// SPDX-License-Identifier: Apache-2.0

import Rewards
public import Rubrics

// Every key may be left out; a key that is not here is an error (see `Document.decode`), and so is a value out of range.

extension KeyedDecodingContainer {
    /// The value at `key`, or `fallback` where there is none; `range` refuses what makes no sense.
    fileprivate func value<Value: Decodable>(_ key: Key, or fallback: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? fallback
    }

    fileprivate func value<Value: Decodable & Comparable>(
        _ key: Key,
        or fallback: Value,
        in range: some RangeExpression<Value>,
        _ expectation: String
    ) throws -> Value {
        let value = try value(key, or: fallback)
        guard range.contains(value) else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "\(key.stringValue) is \(value), expected \(expectation)"
            )
        }
        return value
    }
}

private let positive = (range: Double.leastNonzeroMagnitude..., text: "a number above 0")
private let notNegative = (range: 0.0..., text: "a number not below 0")
private let share = (range: 0.0...1.0, text: "a number from 0 to 1")
private let count = (range: 1..., text: "a whole number from 1")
private let countOrZero = (range: 0..., text: "a whole number from 0")

extension TrainingRecipe: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case name
        case seed
        case policy
        case data
        case reward
        case sampling
        case grpo
        case optimizer
        case evaluation
        case checkpoints
    }

    /// Reads a recipe; what is missing takes its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        name = try container.value(.name, or: name)
        seed = try container.value(.seed, or: seed)
        policy = try container.value(.policy, or: policy)
        data = try container.value(.data, or: data)
        reward = try container.value(.reward, or: reward)
        sampling = try container.value(.sampling, or: sampling)
        grpo = try container.value(.grpo, or: grpo)
        optimizer = try container.value(.optimizer, or: optimizer)
        evaluation = try container.value(.evaluation, or: evaluation)
        checkpoints = try container.value(.checkpoints, or: checkpoints)
    }
}

extension TrainingRecipe.PolicySection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case model
        case dtype
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = try container.value(.model, or: model)
        dtype = try container.value(.dtype, or: dtype)
    }
}

extension TrainingRecipe.DataSection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case train
        case heldOut = "held_out"
        case undecided
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        train = try container.decode(String.self, forKey: .train)
        heldOut = try container.value(.heldOut, or: heldOut)
        undecided = try container.value(.undecided, or: undecided)
    }
}

extension TrainingRecipe.RewardSection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case method
        case weighting
        case negative
        case cannotAssess = "cannot_assess"
        case contentFailures = "content_failures"
        case minimumJudgedWeight = "minimum_judged_weight"
        case clip
        case unjudgedInGroup = "unjudged_in_group"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        method = try container.value(.method, or: method)
        weighting = try container.value(.weighting, or: weighting)
        negative = try container.value(.negative, or: negative)
        cannotAssess = try container.value(.cannotAssess, or: cannotAssess)
        contentFailures = try container.value(.contentFailures, or: contentFailures)
        minimumJudgedWeight = try container.value(
            .minimumJudgedWeight, or: minimumJudgedWeight, in: share.range, share.text)
        clip = try container.value(.clip, or: clip)
        unjudgedInGroup = try container.value(.unjudgedInGroup, or: unjudgedInGroup)
    }
}

extension TrainingRecipe.SamplingSection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case temperature
        case topP = "top_p"
        case topK = "top_k"
        case maxCompletionTokens = "max_completion_tokens"
        case ignoresEndOfSequence = "ignore_end_of_sequence"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        temperature = try container.value(.temperature, or: temperature, in: positive.range, positive.text)
        topP = try container.value(.topP, or: topP, in: positive.range, positive.text)
        topK = try container.value(.topK, or: topK, in: countOrZero.range, countOrZero.text)
        maxCompletionTokens = try container.value(
            .maxCompletionTokens, or: maxCompletionTokens, in: count.range, count.text)
        ignoresEndOfSequence = try container.value(.ignoresEndOfSequence, or: ignoresEndOfSequence)
    }
}

extension TrainingRecipe.GRPOSection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case steps
        case promptsPerStep = "prompts_per_step"
        case groupSize = "group_size"
        case updatesPerBatch = "updates_per_batch"
        case loss
        case clipLow = "clip_low"
        case clipHigh = "clip_high"
        case klCoefficient = "kl_coefficient"
        case advantageScaling = "advantage_scaling"
        case masksTruncatedCompletions = "mask_truncated_completions"
        case minimumGroupSize = "minimum_group_size"
        case tokensPerMicrobatch = "tokens_per_microbatch"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        steps = try container.value(.steps, or: steps, in: count.range, count.text)
        promptsPerStep = try container.value(.promptsPerStep, or: promptsPerStep, in: count.range, count.text)
        groupSize = try container.value(.groupSize, or: groupSize, in: 2..., "a whole number from 2: a group is compared")
        updatesPerBatch = try container.value(.updatesPerBatch, or: updatesPerBatch, in: count.range, count.text)
        loss = try container.value(.loss, or: loss)
        clipLow = try container.value(.clipLow, or: clipLow, in: share.range, share.text)
        clipHigh = try container.value(.clipHigh, or: clipHigh, in: notNegative.range, notNegative.text)
        klCoefficient = try container.value(.klCoefficient, or: klCoefficient, in: notNegative.range, notNegative.text)
        advantageScaling = try container.value(.advantageScaling, or: advantageScaling)
        masksTruncatedCompletions = try container.value(.masksTruncatedCompletions, or: masksTruncatedCompletions)
        minimumGroupSize = try container.value(.minimumGroupSize, or: minimumGroupSize, in: 2..., "a whole number from 2")
        tokensPerMicrobatch = try container.value(
            .tokensPerMicrobatch, or: tokensPerMicrobatch, in: count.range, count.text)
    }
}

extension TrainingRecipe.OptimizerSection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case learningRate = "learning_rate"
        case schedule
        case warmupRatio = "warmup_ratio"
        case beta1
        case beta2
        case epsilon
        case weightDecay = "weight_decay"
        case maximumGradientNorm = "maximum_gradient_norm"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        learningRate = try container.value(.learningRate, or: learningRate, in: positive.range, positive.text)
        schedule = try container.value(.schedule, or: schedule)
        warmupRatio = try container.value(.warmupRatio, or: warmupRatio, in: share.range, share.text)
        beta1 = try container.value(.beta1, or: beta1, in: 0..<1, "a number from 0 to below 1")
        beta2 = try container.value(.beta2, or: beta2, in: 0..<1, "a number from 0 to below 1")
        epsilon = try container.value(.epsilon, or: epsilon, in: positive.range, positive.text)
        weightDecay = try container.value(.weightDecay, or: weightDecay, in: notNegative.range, notNegative.text)
        maximumGradientNorm = try container.value(
            .maximumGradientNorm, or: maximumGradientNorm, in: positive.range, positive.text)
    }
}

extension TrainingRecipe.EvaluationSection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case every
        case samples
        case temperature
        case seed
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        every = try container.value(.every, or: every, in: countOrZero.range, countOrZero.text)
        samples = try container.value(.samples, or: samples, in: count.range, count.text)
        temperature = try container.value(.temperature, or: temperature, in: notNegative.range, notNegative.text)
        seed = try container.value(.seed, or: seed)
    }
}

extension TrainingRecipe.CheckpointSection: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case every
        case keep
        case best
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        every = try container.value(.every, or: every, in: countOrZero.range, countOrZero.text)
        keep = try container.value(.keep, or: keep, in: count.range, count.text)
        best = try container.value(.best, or: best)
    }
}
