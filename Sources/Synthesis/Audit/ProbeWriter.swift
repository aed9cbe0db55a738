// SPDX-License-Identifier: Apache-2.0

import Judging
package import Rubrics

/// Writes the probes of a rubric.
package struct ProbeWriter: Sendable {
    /// The shares of the reference answer that are left on the way down.
    package static let ladder = [0.75, 0.5, 0.25]
    /// What an answer that says nothing says.
    package static let nothing = "I do not know."

    private static let hacks: [(AuditProbe.Kind, Attack.Family)] = [
        (.echo, .promptEcho), (.keywords, .keywordStuffing), (.verbosity, .completenessFiller),
        (.confidence, .selfPraise), (.formatting, .decoration),
    ]

    private let seed: UInt64

    /// Makes a writer.
    ///
    /// - Parameter seed: What degradations are drawn from.
    package init(seed: UInt64) {
        self.seed = seed
    }

    /// The probes of a rubric.
    ///
    /// - Parameters:
    ///   - task: The rubric's row.
    ///   - other: The reference answer to another question; `nil` where the set has none.
    ///   - variants: Responses of known worth.
    ///   - samples: What a policy answers.
    /// - Returns: The probes, the good ones first; without a reference, a plain answer or a variant there is no good one.
    package func probes(
        for task: RubricTask,
        other: String?,
        variants: [ProbeVariant],
        samples: [String]
    ) -> [AuditProbe] {
        var probes: [AuditProbe] = []
        if let reference = task.referenceAnswer {
            probes.append(.init(id: "reference", kind: .reference, text: reference))
        }
        if let plain = task.plainAnswer { probes.append(.init(id: "plain", kind: .plain, text: plain)) }
        probes += Self.numbered(variants.map { ($0.kind, $0.response) })
        if let answer = task.referenceAnswer ?? task.plainAnswer { probes += worse(than: answer) }
        if let other { probes.append(.init(id: "off_topic", kind: .offTopic, text: "The answer is certain. \(other)")) }
        probes.append(.init(id: "nothing", kind: .nothing, text: Self.nothing))
        for (kind, family) in Self.hacks {
            guard let attack = AttackCorpus.attacks(of: family).first else { continue }
            probes.append(.init(id: kind.rawValue, kind: kind, text: attack.completion(for: task)))
        }
        return probes + Self.numbered(samples.map { (.sample, $0) })
    }

    private func worse(than answer: String) -> [AuditProbe] {
        let degradation = Degradation(of: answer, seed: seed)
        var probes = Self.ladder.compactMap { share in
            degradation.keeping(share).map { text in
                AuditProbe(id: "degraded-\(Int(share * 100))", kind: .degraded, text: text, kept: share)
            }
        }
        if let text = degradation.contradiction {
            probes.append(.init(id: "contradicted", kind: .contradicted, text: text))
        }
        return probes
    }

    private static func numbered(_ texts: [(AuditProbe.Kind, String)]) -> [AuditProbe] {
        var counts: [AuditProbe.Kind: Int] = [:]
        return texts.map { kind, text in
            counts[kind, default: 0] += 1
            return AuditProbe(id: "\(kind.rawValue)-\(counts[kind, default: 0])", kind: kind, text: text)
        }
    }
}
