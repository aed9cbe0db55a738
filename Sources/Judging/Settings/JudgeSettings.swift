// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics

/// Who judges and how: the section `judge` of recipes and method files. Docs/judges.md explains every key.
public struct JudgeSettings: Sendable, Hashable, Codable {
    /// Addresses of models: `checks`, `openai:MODEL`, `anthropic:MODEL`, `URL#MODEL`, `local:DIR` or `hf:ORG/NAME`.
    /// Addresses joined by commas serve the same model and form a pool; several entries form a panel.
    public var models: [String] = ["checks"]
    /// A program that gives rewards itself, with its arguments, for the method `command`.
    public var command: [String] = []
    /// How many votes each model casts.
    public var votes = 1
    /// How ratings of a panel are combined.
    public var combine = JudgePanel.Combination.mean
    /// The weights of the models' votes, in the order of ``models``; all alike when it is empty.
    public var weights: [Double] = []
    /// The model that is asked about what the others are not sure of; none when it is empty.
    public var escalateTo = ""
    /// The least confidence with which a verdict stands.
    public var escalateBelow = 0.8
    /// How many criteria one call asks about; 0 for all of a rubric.
    public var criteriaPerCall = 1
    /// Whether criteria with a check are decided by it (`use`) or by the models (`ignore`).
    public var checks = ChecksUse.use
    /// The sampling temperature of judges.
    public var temperature = 0.0
    /// The longest reply, in tokens.
    public var maxTokens = 1024
    /// Whether judges see the reference answer also where their question has no need of it.
    public var showsReference = false
    /// Whether ratings are expectations over the menu.
    public var expectedRating = false
    /// Whether confidence is read from log-probabilities.
    public var confidence = false
    /// What is taken for thinking: pairs of an opening and a closing marker.
    public var thinking: [[String]] = [["<think>", "</think>"], ["<thinking>", "</thinking>"]]
    /// The words of the messages.
    public var templates = JudgeTemplates()
    /// How endpoints are used.
    public var endpoint = EndpointSettings()
    /// What calls may cost.
    public var budget = BudgetSettings()

    /// What becomes of checks.
    public enum ChecksUse: String, Sendable, Hashable, Codable, CaseIterable {
        case use
        case ignore
    }

    /// The defaults: checks alone.
    public init() {}

    /// Whether a language model is asked at all.
    public var asksModels: Bool { !command.isEmpty || models.contains { $0 != "checks" } }

    /// The markers of ``thinking``.
    public var thinkingMarkers: Thinking {
        Thinking(markers: thinking.map { Thinking.Markers(opening: $0[0], closing: $0[1]) })
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case models, command, votes, combine, weights
        case escalateTo = "escalate_to"
        case escalateBelow = "escalate_below"
        case criteriaPerCall = "criteria_per_call"
        case checks, temperature
        case maxTokens = "max_tokens"
        case showsReference = "shows_reference"
        case expectedRating = "expected_rating"
        case confidence, thinking, templates, endpoint, budget
    }

    /// Reads the section; what is missing takes its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        models = try container.value(.models, or: models)
        command = try container.value(.command, or: command)
        votes = try container.value(.votes, or: votes, in: SettingRange.count)
        combine = try container.value(.combine, or: combine)
        weights = try container.value(.weights, or: weights)
        escalateTo = try container.value(.escalateTo, or: escalateTo)
        escalateBelow = try container.value(.escalateBelow, or: escalateBelow, in: SettingRange.share)
        criteriaPerCall = try container.value(.criteriaPerCall, or: criteriaPerCall, in: SettingRange.countOrZero)
        checks = try container.value(.checks, or: checks)
        temperature = try container.value(.temperature, or: temperature, in: SettingRange.notNegative)
        maxTokens = try container.value(.maxTokens, or: maxTokens, in: SettingRange.count)
        showsReference = try container.value(.showsReference, or: showsReference)
        expectedRating = try container.value(.expectedRating, or: expectedRating)
        confidence = try container.value(.confidence, or: confidence)
        thinking = try container.value(.thinking, or: thinking)
        templates = try container.value(.templates, or: templates)
        endpoint = try container.value(.endpoint, or: endpoint)
        budget = try container.value(.budget, or: budget)
        try validate(container)
    }

    private func validate(_ container: KeyedDecodingContainer<CodingKeys>) throws {
        func refuse(_ key: CodingKeys, _ message: String) throws -> Never {
            throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: message)
        }
        if models.isEmpty { try refuse(.models, "models is empty: name a judge, or checks") }
        if !weights.isEmpty, weights.count != models.count || weights.contains(where: { !($0 > 0) }) {
            try refuse(.weights, "weights has to hold a number above 0 for each of the \(models.count) models")
        }
        if thinking.contains(where: { $0.count != 2 || $0.contains { $0.utf8.isEmpty } }) {
            try refuse(.thinking, "thinking holds pairs: an opening and a closing marker")
        }
    }
}
