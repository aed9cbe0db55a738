// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Evaluation
import Foundation
import Judging
import Policies
public import Rewards
public import Rubrics
import Runs
import Tensors

/// `rubrics evaluate`.
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a policy.",
        subcommands: [EvaluateRubrics.self]
    )
}

/// `rubrics evaluate rubrics`.
struct EvaluateRubrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rubrics",
        abstract: "Measure a policy on rubric rows: mean, interval, per criterion, paired difference.",
        discussion: """
            Examples:
              rubrics evaluate rubrics Recipes/demo/held_out.jsonl --policy models/SmolLM2-135M-Instruct.gguf
              rubrics evaluate rubrics rows.jsonl --policy runs/demo/checkpoints/step-000040/policy \\
                  --against models/SmolLM2-135M-Instruct.gguf --format json

            With --against the same prompts and draws are used for both, and the difference is --policy minus --against.
            """
    )

    enum Scheme: String, ExpressibleByArgument, CaseIterable {
        case categorical
        case numeric
        case uniform

        var scheme: Weighting {
            switch self {
            case .categorical: .categorical
            case .numeric: .numeric
            case .uniform: .uniform
            }
        }
    }

    @Argument(help: "Rubric rows (Docs/rubric-rows.md); every criterion needs a check.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "The policy: a Hugging Face directory, a GGUF file, or a model on the hub.",
            valueName: "dir|hf:ORG/NAME"
        )
    )
    var policy: String

    @Option(help: ArgumentHelp("A second policy to compare with.", valueName: "dir"))
    var against: String?

    @Option(help: "Completions a prompt.")
    var samples = 4

    @Option(help: "The sampling temperature.")
    var temperature = 1.0

    @Option(help: "The longest completion, in tokens.")
    var maxTokens = 96

    @Option(help: "The seed of the draws.")
    var seed: UInt64 = 0

    @Option(help: "How criteria weigh: by importance, by their own weights, or alike.")
    var weighting = Scheme.categorical

    @Option(help: "What negative criteria do: an avoided fault earns its weight, or a committed one subtracts it.")
    var negative = NegativeTreatment.credit

    @Option(help: "What to do about criteria whose polarity is undecided.")
    var undecided = UndecidedPolarity.error

    @Option(help: "How results are printed.")
    var format = OutputFormat.text

    func validate() throws {
        guard (1...65_536).contains(samples), (1...1_048_576).contains(maxTokens), temperature >= 0 else {
            throw ValidationError(
                "--samples goes from 1 to 65,536, --max-tokens from 1 to 1,048,576, --temperature from 0"
            )
        }
    }

    func run() async throws {
        var settings = RewardSettings()
        (settings.weighting, settings.negative) = (weighting.scheme, negative)
        let method = GradingMethod(settings, criteriaPerCall: 1)
        let rows = try TaskFile(file, undecided: undecided, method: method)
        try rows.validate(CheckJudge.validate)
        for note in rows.notes { Terminal.writeError("note: \(note)\n") }
        let installation = try Installation()
        let engine = try installation.engine()
        let evaluation = RubricEvaluation(
            tasks: rows.tasks,
            grader: Grader(method, judge: try CheckJudge(preparing: rows.tasks)),
            configuration: RubricEvaluation.Configuration(
                samples: samples,
                temperature: temperature,
                maxCompletionTokens: maxTokens,
                seed: seed
            )
        )
        let first = try await measure(policy, evaluation, engine, installation)
        let second = try await against.asyncMap { try await measure($0, evaluation, engine, installation) }
        let output = EvaluationOutput(policy: first, against: second)
        Terminal.write(format == .json ? output.json.serialized(pretty: true) + "\n" : output.text)
    }

    private func measure(
        _ model: String,
        _ evaluation: RubricEvaluation,
        _ engine: TorchEngine,
        _ installation: Installation
    ) async throws -> EvaluationSummary {
        let policy = try await FrozenPolicy(
            ModelLocation(model).path,
            engine: engine,
            configuration: FrozenPolicy.Configuration(
                maximumRows: max(32, samples),
                maximumCompletionTokens: maxTokens,
                threads: installation.threads
            )
        )
        return EvaluationSummary(try await evaluation.records(of: policy, step: 0))
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let value = self else { return nil }
        return try await transform(value)
    }
}

extension NegativeTreatment: ExpressibleByArgument {}
extension UndecidedPolarity: ExpressibleByArgument {}
