// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Policies
import Rubrics
import Tensors

/// `rubrics generate`.
struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Complete one prompt with a model; the completion alone goes to standard output.",
        discussion: """
            Examples:
              rubrics generate --model models/SmolLM2-135M-Instruct.gguf --prompt "Why is the sky blue?"
              rubrics generate --model runs/demo/checkpoints/step-000040/policy --prompt - --temperature 0 < prompt.txt
            """
    )

    enum Precision: String, ExpressibleByArgument, CaseIterable {
        case f32
        case bf16

        var dtype: DType { self == .f32 ? .float32 : .bfloat16 }
    }

    @Option(
        help: ArgumentHelp(
            "A Hugging Face directory, a GGUF file, or a model on the hub.",
            valueName: "dir|file.gguf|hf:ORG/NAME"
        )
    )
    var model: String

    @Option(help: ArgumentHelp("One user turn; - reads standard input, less a newline at its end.", valueName: "text"))
    var prompt: String

    @Option(help: "The sampling temperature; 0 takes the most likely token.")
    var temperature = 1.0

    @Option(help: "Only the smallest set of tokens with at least this probability.")
    var topP = 1.0

    @Option(help: "Only this many most likely tokens; 0 for all.")
    var topK = 0

    @Option(help: "The longest completion, in tokens.")
    var maxTokens = 256

    @Option(help: "The type that matrices compute in.")
    var dtype = Precision.bf16

    @Option(help: "The seed of the draws.")
    var seed: UInt64 = 0

    @Flag(help: "Continue the text as it is, without the model's chat template.")
    var raw = false

    func validate() throws {
        guard (1...1_048_576).contains(maxTokens), temperature >= 0, topP > 0, topP <= 1, topK >= 0 else {
            throw ValidationError(
                "--max-tokens goes from 1 to 1,048,576, --temperature is at least 0, --top-p above 0 and at most 1, --top-k at least 0"
            )
        }
    }

    func run() async throws {
        let text = try prompt == "-" ? standardInput() : prompt
        let installation = try Installation()
        let location = try await ModelLocation(model)
        let policy = try await FrozenPolicy(
            location.path,
            engine: installation.engine(),
            configuration: FrozenPolicy.Configuration(
                computeType: dtype.dtype,
                maximumRows: 1,
                maximumCompletionTokens: maxTokens,
                threads: installation.threads
            )
        )
        let tokens =
            try raw
            ? policy.prompts.tokenizer.encode(text)
            : policy.prompts.tokens(for: [Message(role: .user, content: text)])
        guard !tokens.isEmpty else { throw CommandFailure("the prompt is empty: write something after --prompt") }
        let options = SamplingOptions(
            temperature: temperature,
            topP: topP,
            topK: topK,
            maxTokens: maxTokens,
            stopTokens: policy.prompts.stopTokens
        )
        try await complete(tokens, policy, options)
    }

    private func complete(_ tokens: [Int32], _ policy: FrozenPolicy, _ options: SamplingOptions) async throws {
        let draws = DrawStream(seed: seed, step: 0, task: 0, sample: 0)
        let printer = TokenPrinter(policy.prompts, isStreaming: Terminal.isInteractive)
        let completion = try await policy.stream(tokens, draws: draws, options: options) { printer.print($0) }
        printer.finish(completion.tokens)
    }

    private func standardInput() throws -> String {
        let data = FileHandle.standardInput.readDataToEndOfFile()
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("standard input is not UTF-8: save the prompt as UTF-8")
        }
        // What `echo` and editors add.
        guard text.utf8.last == UInt8(ascii: "\n") else { return text }
        return String(text.unicodeScalars.dropLast())
    }
}
