// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Judging
import Rewards
import Rubrics

/// The options of commands that grade.
struct GradingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who judges: openai:MODEL, anthropic:MODEL, URL#MODEL, local:DIR, hf:ORG/NAME or checks. Repeat it for a "
                + "panel; join addresses of the same model by commas for a pool.",
            valueName: "judge"
        )
    )
    var judge: [String] = []

    @Option(
        help: ArgumentHelp(
            "How: \(GradingOptions.methods.joined(separator: ", ")), or a YAML file "
                + "(Docs/judges.md).",
            valueName: "method"
        )
    )
    var method = "rar-explicit"

    @Option(help: ArgumentHelp("How criteria weigh: categorical, numeric or uniform.", valueName: "scheme"))
    var weighting: String?

    @Option(
        help: ArgumentHelp("What negative criteria do: credit or penalty.", valueName: "credit|penalty")
    )
    var negative: String?

    @Option(help: ArgumentHelp("How many criteria one call asks about; 0 for all.", valueName: "n"))
    var criteriaPerCall: Int?

    @Option(help: ArgumentHelp("How many votes each model casts.", valueName: "n"))
    var votes: Int?

    @Option(help: ArgumentHelp("The most calls in flight at each endpoint.", valueName: "n"))
    var concurrency: Int?

    @Option(help: ArgumentHelp("The most that may be spent, in US dollars.", valueName: "dollars"))
    var budget: Double?

    @Option(name: .customLong("set"), help: ArgumentHelp("Override a value of the method.", valueName: "path=value"))
    var overrides: [String] = []

    /// The methods that need no file.
    private static let methods = GradingMethod.Name.allCases.filter { $0 != .command }.map(\.rawValue)

    /// The settings that the method and the options come to.
    func settings() throws -> GradingSettings {
        var document = try base()
        let options: [(String, String?)] = [
            ("judge.models", judge.isEmpty ? nil : JSONValue.array(judge.map(JSONValue.string)).serialized()),
            ("reward.weighting", weighting), ("reward.negative", negative),
            ("judge.criteria_per_call", criteriaPerCall.map(String.init)), ("judge.votes", votes.map(String.init)),
            ("judge.endpoint.concurrency", concurrency.map(String.init)),
            ("judge.budget.dollars", budget.map { "\($0)" }),
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
        return try document.decode(GradingSettings.self)
    }

    private func base() throws -> Document {
        let names = Self.methods
        if names.contains(where: { $0.utf8.elementsEqual(method.utf8) }) {
            return try Document.yaml("reward: {method: \(method)}", file: "--method \(method)")
        }
        guard let data = FileManager.default.contents(atPath: method) else {
            let nearest = NearestName.nearest(to: method, among: names).map { ", did you mean \($0)?" } ?? ""
            throw CommandFailure(
                "--method \(method) is no file and none of \(names.joined(separator: ", "))\(nearest)"
            )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("\(method) is not UTF-8: save it as UTF-8")
        }
        return try Document.yaml(text, file: method)
    }
}
