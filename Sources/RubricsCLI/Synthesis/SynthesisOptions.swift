// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Judging
import Rubrics
import Synthesis

/// The options that say how rubrics are written.
struct SynthesisOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who writes: openai:MODEL, anthropic:MODEL, URL#MODEL or local:DIR; addresses of the same model joined by "
                + "commas form a pool.",
            valueName: "model"
        )
    )
    var model: String

    @Option(
        help: ArgumentHelp(
            "The field: \(SynthesisOptions.domains.joined(separator: ", ")), or a YAML file (Docs/synthesis.md). By "
                + "default each prompt's own, where it is one of these; else dialogue for conversations, and general.",
            valueName: "name|file"
        )
    )
    var domain: String?

    @Flag(help: "Show no reference answer to the writer, also where there is one.")
    var referenceFree = false

    @Option(help: ArgumentHelp("Who writes the reference answers that are missing.", valueName: "model"))
    var referenceModel: String?

    @Option(help: ArgumentHelp("How many items a rubric may have; by default the domain's range.", valueName: "7-20"))
    var items: String?

    @Option(help: ArgumentHelp("How many times a writer is asked again about what is wrong.", valueName: "n"))
    var repairs = 2

    @Option(help: ArgumentHelp("The most calls in flight at each endpoint.", valueName: "n"))
    var concurrency: Int?

    @Option(help: ArgumentHelp("The most that may be spent, in US dollars.", valueName: "dollars"))
    var budget: Double?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override a setting, such as max_tokens or endpoint.attempts.", valueName: "path=value")
    )
    var overrides: [String] = []

    private static let domains = SynthesisDomain.builtIn.map(\.name)

    func validate() throws {
        guard (0...20).contains(repairs) else { throw ValidationError("--repairs goes from 0 to 20") }
        if referenceFree, referenceModel != nil {
            throw ValidationError("--reference-free shows no reference answer, so --reference-model has nothing to do")
        }
        _ = try itemRange()
    }

    /// What the options come to.
    func plan() throws -> SynthesisPlan {
        SynthesisPlan(
            settings: try settings(),
            model: model,
            referenceModel: referenceModel,
            domain: try domain.map(Self.domain),
            isReferenceFree: referenceFree,
            items: try itemRange(),
            repairs: repairs
        )
    }

    private func settings() throws -> SynthesisSettings {
        // Writing a rubric takes longer than a verdict.
        let base = "endpoint: {attempt_seconds: 180, call_seconds: 600}"
        var document = try Document.yaml(base, file: "--set")
        let options = [
            ("endpoint.concurrency", concurrency.map(String.init)), ("budget.dollars", budget.map { "\($0)" }),
        ]
        for (path, value) in options {
            if let value { try document.set(path: path, to: value) }
        }
        for override in overrides {
            guard let equals = override.firstIndex(of: "=") else {
                throw CommandFailure("--set \(override) has no value: write --set path=value")
            }
            try document.set(path: String(override[..<equals]), to: String(override[override.index(after: equals)...]))
        }
        return try document.decode(SynthesisSettings.self)
    }

    private func itemRange() throws -> SynthesisDomain.Items? {
        guard let items else { return nil }
        let bounds = items.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard bounds.count == 2, let min = bounds[0], let max = bounds[1], 1 <= min, min <= max, max <= 64 else {
            throw ValidationError("--items is \(items): write a range within 1-64, such as 7-20")
        }
        return SynthesisDomain.Items(min: min, max: max)
    }

    private static func domain(_ name: String) throws -> SynthesisDomain {
        if let known = SynthesisDomain.builtIn.first(where: { $0.name.isExactly(name) }) { return known }
        guard let data = FileManager.default.contents(atPath: name) else {
            let nearest = NearestName.nearest(to: name, among: domains).map { ", did you mean \($0)?" } ?? ""
            throw CommandFailure(
                "--domain \(name) is no file and none of \(domains.joined(separator: ", "))\(nearest)"
            )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("\(name) is not UTF-8: save it as UTF-8")
        }
        return try SynthesisDomain.reading(text, file: name)
    }
}

/// How rubrics are written: the options, read.
struct SynthesisPlan: Sendable {
    var settings: SynthesisSettings
    var model: String
    var referenceModel: String?
    /// The domain of all prompts; `nil` for each prompt's own.
    var domain: SynthesisDomain?
    var isReferenceFree: Bool
    var items: SynthesisDomain.Items?
    var repairs: Int

    /// How a row is worked on.
    ///
    /// - Parameter secret: The key of the marks around material.
    /// - Returns: The configuration.
    func configuration(secret: [UInt8]) -> RowSynthesis.Configuration {
        var configuration = RowSynthesis.Configuration(marker: TextMarker(key: secret))
        configuration.domain = domain
        configuration.isReferenceFree = isReferenceFree
        configuration.items = items
        configuration.repairs = repairs
        configuration.limits = settings.limits
        configuration.thinking = settings.thinkingMarkers
        return configuration
    }
}
