// SPDX-License-Identifier: Apache-2.0

import ChatModels
package import Judging
import Rubrics

/// How models are used for writing rubrics: what `--set` of `rubrics synthesize` overrides. Docs/synthesis.md explains
/// every key.
package struct SynthesisSettings: Sendable, Hashable, Codable {
    /// The sampling temperature.
    package var temperature = 0.0
    /// The longest reply, in tokens.
    package var maxTokens = 4096
    /// What is taken for thinking in replies: pairs of an opening and a closing marker.
    package var thinking: [[String]] = [["<think>", "</think>"], ["<thinking>", "</thinking>"]]
    /// How endpoints are used.
    package var endpoint = EndpointSettings()
    /// What calls may cost.
    package var budget = BudgetSettings()

    enum CodingKeys: String, CodingKey, CaseIterable {
        case temperature
        case maxTokens = "max_tokens"
        case thinking, endpoint, budget
    }

    /// Reads settings; what is missing takes its default.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        temperature = try container.value(.temperature, or: temperature, in: SettingRange.notNegative)
        maxTokens = try container.value(.maxTokens, or: maxTokens, in: SettingRange.count)
        thinking = try container.value(.thinking, or: thinking)
        endpoint = try container.value(.endpoint, or: endpoint)
        budget = try container.value(.budget, or: budget)
        if thinking.contains(where: { $0.count != 2 || $0.contains { $0.utf8.isEmpty } }) {
            throw DecodingError.dataCorruptedError(
                forKey: .thinking,
                in: container,
                debugDescription: "thinking holds pairs: an opening and a closing marker"
            )
        }
    }

    /// The markers of ``thinking``.
    package var thinkingMarkers: Thinking {
        Thinking(markers: thinking.map { Thinking.Markers(opening: $0[0], closing: $0[1]) })
    }

    /// What calls of the settings' size are sampled with.
    package var limits: RubricPrompt.Limits {
        RubricPrompt.Limits(temperature: temperature, maxTokens: maxTokens)
    }
}
