// SPDX-License-Identifier: Apache-2.0

package import ChatModels
package import Judging
import Rubrics

/// Makes a prompt's rubric with everything that belongs to it: its domain, its reference answer, its rules.
package struct RowSynthesis: Sendable {
    /// How rubrics are written.
    package struct Configuration: Sendable {
        /// Sets the material apart.
        package var marker: TextMarker
        /// The domain of all rows; `nil` for each row's own (``SynthesisDomain/suiting(_:)``).
        package var domain: SynthesisDomain?
        /// Whether writers are shown no reference answer.
        package var isReferenceFree = false
        /// How many items a rubric may have; `nil` for the domain's own range.
        package var items: SynthesisDomain.Items?
        /// How many times a writer is asked again at most.
        package var repairs = 2
        /// How answers are sampled.
        package var limits = RubricPrompt.Limits()
        /// What is taken for thinking in replies.
        package var thinking = Thinking.standard
        /// Further complaints about items.
        package var reviews: [ItemRules.Review] = []
        /// A second opinion on polarity.
        package var opinion: ItemRules.Opinion?

        /// Makes a configuration of defaults.
        package init(marker: TextMarker) {
            self.marker = marker
        }
    }

    private let model: any ChatModel
    private let writer: ReferenceWriter?
    private let settings: Configuration
    private let prompts: [RubricPrompt]

    /// Makes a synthesis.
    ///
    /// - Parameters:
    ///   - model: Who writes rubrics.
    ///   - referenceModel: Who writes the reference answers that are missing; `nil` for nobody.
    ///   - configuration: How.
    package init(_ model: any ChatModel, referenceModel: (any ChatModel)?, configuration: Configuration) {
        self.model = model
        settings = configuration
        writer = referenceModel.map { ReferenceWriter($0, thinking: configuration.thinking) }
        let domains = configuration.domain.map { [$0] } ?? SynthesisDomain.builtIn
        prompts = domains.map { domain in
            RubricPrompt(
                domain,
                isReferenceFree: configuration.isReferenceFree,
                items: configuration.items,
                marker: configuration.marker,
                limits: configuration.limits
            )
        }
    }

    /// The prompt that a row's rubric is asked for with.
    package func prompt(for row: PromptRow) -> RubricPrompt {
        let domain = settings.domain ?? .suiting(row)
        return prompts.first { $0.domain.name.isExactly(domain.name) } ?? prompts[0]
    }

    /// Whether a row's reference answer would be written first.
    package func writesReference(of row: PromptRow) -> Bool {
        !settings.isReferenceFree && row.referenceAnswer == nil && writer != nil
    }

    /// Makes the rubric of a row.
    ///
    /// - Parameter row: The row.
    /// - Returns: The rubric, or why there is none.
    /// - Throws: `CancellationError`, and what is no failure of a model.
    package func synthesize(_ row: PromptRow) async throws -> SynthesizedRow {
        let prompt = prompt(for: row)
        var outcome = SynthesizedRow(row)
        switch try await reference(of: row, prompt, &outcome.usage) {
        case .failure(let reason):
            outcome.rubric = .failure(reason)
            return outcome
        case .success(let reference):
            let rules = ItemRules(items: prompt.items, reviews: settings.reviews, opinion: settings.opinion)
            let generator = RubricGenerator(
                model,
                prompt: prompt,
                rules: rules,
                repairs: settings.repairs,
                thinking: settings.thinking
            )
            var written = try await generator.rubric(for: row, reference: reference)
            written.usage += outcome.usage
            return written
        }
    }

    private func reference(
        of row: PromptRow,
        _ prompt: RubricPrompt,
        _ usage: inout CallUsage
    ) async throws -> Result<WrittenReference, SetAside> {
        if settings.isReferenceFree { return .success(WrittenReference(nil, origin: .none)) }
        if row.referenceAnswer != nil { return .success(WrittenReference(of: row)) }
        guard let writer else {
            return .failure(
                SetAside(
                    .noReference,
                    "there is no reference answer: give one, have it written with --reference-model, or write rubrics "
                        + "without any with --reference-free"
                )
            )
        }
        return try await writer.reference(for: row, prompt: prompt, usage: &usage)
    }
}
