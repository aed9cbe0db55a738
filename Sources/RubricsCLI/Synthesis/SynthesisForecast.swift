// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Judging
import Rubrics
import Runs
import Synthesis

/// What writing rubrics for a file of prompts will come to, about, without asking anybody.
///
/// Reckons with four bytes a token, rubrics of 900 tokens, reference answers of 400, and one repair of 300 tokens for
/// every tenth prompt.
struct SynthesisForecast {
    private(set) var prompts = 0
    private(set) var invalid = 0
    private var references = 0
    private var withoutReference = 0
    private var rubricTokens = TokenUsage.zero
    private var referenceTokens = TokenUsage.zero
    private let plan: SynthesisPlan

    /// Reads the prompts.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - limit: How many prompts are read at most.
    ///   - plan: How rubrics are to be written.
    /// - Throws: `RunError` for a file that cannot be read, ``CommandFailure`` for one without prompts.
    init(_ path: String, limit: Int?, plan: SynthesisPlan) throws {
        self.plan = plan
        let nobody = UnaskedModel()
        let synthesis = RowSynthesis(
            nobody,
            referenceModel: plan.referenceModel.map { _ in nobody },
            configuration: plan.configuration(secret: [])
        )
        var file = try PromptFile(path)
        while prompts + invalid < limit ?? .max, let entry = try file.next() {
            switch entry.row {
            case .success(let row): add(row, synthesis)
            case .failure: invalid += 1
            }
        }
        guard prompts + invalid > 0 else { throw CommandFailure("\(path) holds no prompts: write one a line") }
        let repairs = plan.repairs > 0 ? prompts / 10 : 0
        let mean = prompts > 0 ? rubricTokens.input / prompts : 0
        rubricTokens = rubricTokens + TokenUsage(input: repairs * (mean + 900), output: repairs * 300)
        calls = prompts - withoutReference + references + repairs
    }

    /// How many calls there will be.
    private(set) var calls = 0

    private mutating func add(_ row: PromptRow, _ synthesis: RowSynthesis) {
        prompts += 1
        let prompt = synthesis.prompt(for: row)
        let isMissing = row.referenceAnswer == nil && !plan.isReferenceFree
        let isWritten = synthesis.writesReference(of: row)
        if isMissing, !isWritten {
            withoutReference += 1
            return
        }
        let asked = Self.tokens(of: prompt.request(for: row, reference: row.referenceAnswer))
        rubricTokens = rubricTokens + TokenUsage(input: asked + (isWritten ? 400 : 0), output: 900)
        if isWritten {
            references += 1
            referenceTokens =
                referenceTokens + TokenUsage(input: Self.tokens(of: prompt.referenceRequest(for: row)), output: 400)
        }
    }

    private static func tokens(of request: ChatRequest) -> Int {
        request.messages.reduce(0) { $0 + $1.content.utf8.count } / 4
    }

    /// What it costs where the prices of all models that are asked are known.
    var dollars: Double? {
        let prices = PriceTable(overrides: plan.settings.budget.prices)
        func price(of address: String) -> TokenPrice? {
            // Of an address the model's name alone tells its price.
            let hash = address.utf8.lastIndex(of: UInt8(ascii: "#"))
            return prices.price(of: hash.map { String(address[address.index(after: $0)...]) } ?? address)
        }
        guard let writer = price(of: plan.model) else { return nil }
        let cost = writer.cost(of: rubricTokens)
        guard references > 0, let model = plan.referenceModel else { return cost }
        return price(of: model).map { cost + $0.cost(of: referenceTokens) }
    }

    /// A few lines for people.
    var text: String {
        let tokens = rubricTokens + referenceTokens
        let unknown = "no price is known: give one under budget.prices"
        let cost = dollars.map { String(format: "about $%.2f", $0) } ?? unknown
        var lines = ["prompts     \(prompts)"]
        if references > 0 { lines.append("references  \(references) to be written") }
        if withoutReference > 0 {
            lines.append(
                "set aside   \(withoutReference) without a reference answer: give --reference-model or --reference-free"
            )
        }
        if invalid > 0 { lines.append("set aside   \(invalid) lines that are no prompts") }
        lines.append(
            "calls       about \(calls), \(ProgressText.grouped(tokens.input)) tokens read and "
                + "\(ProgressText.grouped(tokens.output)) written"
        )
        lines.append("cost        \(cost)")
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Stands for a model where nobody is asked.
private struct UnaskedModel: ChatModel {
    let name = "nobody"

    func reply(to request: ChatRequest) async throws -> ChatReply {
        throw ChatModelError(.unrecorded, "nobody is asked")
    }
}
