// SPDX-License-Identifier: Apache-2.0

import ChatModels

extension FrozenPolicy {
    /// Answers questions in order; completions that are drawn alike are drawn together.
    ///
    /// - Returns: An answer or a failure for each question.
    /// - Throws: `CancellationError` between tokens and between choices.
    func answers(to questions: [PolicyQuestion]) async throws -> [Result<ChatReply, any Error>] {
        var results: [Int: Result<ChatReply, any Error>] = [:]
        var batches: [SamplingOptions: [(place: Int, request: SamplingRequest)]] = [:]
        for (place, question) in questions.enumerated() {
            switch question {
            case .completion(let request, let options): batches[options, default: []].append((place, request))
            case .choice(let choice): results[place] = try await outcome { try await answer(choice) }
            }
        }
        for (options, batch) in batches {
            let found = try await outcome { try await completions(of: batch.map(\.request), options: options) }
            for (index, member) in batch.enumerated() { results[member.place] = found.map { $0[index] } }
        }
        return questions.indices.map { results[$0] ?? .failure(CancellationError()) }
    }

    /// What `body` gives or throws, but for the end of the task, which is no answer.
    private func outcome<Value>(_ body: () async throws -> Value) async throws -> Result<Value, any Error> {
        try Task.checkCancellation()
        do {
            return .success(try await body())
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .failure(error)
        }
    }

    private func completions(of requests: [SamplingRequest], options: SamplingOptions) async throws -> [ChatReply] {
        let drawn = try await sample(requests, options: options, observer: nil)
        return zip(requests, drawn).map { request, completions in
            let completion = completions[0]
            let isComplete = completion.stopReason == .endOfSequence
            return ChatReply(
                text: prompts.text(of: isComplete ? completion.tokens.dropLast() : completion.tokens),
                stopReason: isComplete ? .complete : .maxTokens,
                usage: TokenUsage(input: request.prompt.count, output: completion.tokens.count)
            )
        }
    }

    private func answer(_ choice: ChoiceQuestion) async throws -> ChatReply {
        let logprobs = try await logprobs(of: choice.continuations, after: choice.prompt)
        guard let best = logprobs.indices.max(by: { logprobs[$0] < logprobs[$1] }), !logprobs.contains(where: \.isNaN)
        else {
            throw ChatModelError(.malformed, "the model's log-probabilities are no numbers: are its weights damaged?")
        }
        let alternatives = Dictionary(zip(choice.options, logprobs)) { first, _ in first }
        let text = choice.options[best]
        return ChatReply(
            text: text,
            usage: TokenUsage(input: choice.prompt.count + choice.continuations.reduce(0) { $0 + $1.count }),
            tokens: [ChatReply.Token(text: text, logprob: logprobs[best], alternatives: alternatives)]
        )
    }
}
