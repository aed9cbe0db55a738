// SPDX-License-Identifier: Apache-2.0

/// What stands behind the thing that a statement names: a second predicate, a harm that follows.
struct LaterClauses {
    /// What they say.
    let cues: [PolarityCue]

    /// Looks through the words behind a verb.
    ///
    /// - Parameters:
    ///   - object: The words.
    ///   - isNegated: Whether the verb is negated; a verb in its base form behind "or" then is too.
    init(_ object: [String], isNegated: Bool) {
        var cues = object.indices.compactMap { Self.predicate(in: object, behind: $0, isNegated: isNegated) }.prefix(1)
        if Self.consequences.stand(in: object) { cues.append(PolarityCue(ground: .consequence, weight: -1.5)) }
        self.cues = Array(cues)
    }

    /// A second predicate behind a conjunction.
    private static func predicate(in object: [String], behind place: Int, isNegated: Bool) -> PolarityCue? {
        guard place > 0, conjunctions.contains(object[place]) else { return nil }
        var rest = object[(place + 1)...].drop { Manner($0) != nil || conjunctions.contains($0) }
        if let length = negations.length(atStartOf: rest) {
            rest = rest.dropFirst(length).drop { Manner($0) != nil }
            return rest.first.flatMap { VerbForm($0) }.map(negated)
        }
        guard let word = rest.first, let verb = VerbForm(word) else { return nil }
        switch (verb.verbClass, verb.inflection) {
        case (.failure, .thirdPerson), (.error, .thirdPerson):
            return PolarityCue(ground: .laterClause, weight: -2.5)
        case (.error, .base) where isNegated: return PolarityCue(ground: .laterClause, weight: 2.5)
        case (.error, .gerund): return PolarityCue(ground: .laterClause, weight: isNegated ? 1.5 : -1.5)
        case (.avoidance, .thirdPerson), (.avoidance, .gerund):
            return PolarityCue(ground: .laterClause, weight: 3)
        default: return nil
        }
    }

    private static func negated(_ verb: VerbForm) -> PolarityCue {
        switch verb.verbClass {
        case .error, .failure: PolarityCue(ground: .laterClause, weight: 2.0)
        case .avoidance, .virtue, .explanation, .exclusion: PolarityCue(ground: .laterClause, weight: -1.5)
        case .mention, .assertion, .sanction: PolarityCue(ground: .laterClause, weight: -0.6)
        }
    }

    private static let conjunctions: Set<String> = ["or", "and", "but", "nor", "yet", ",", "then"]
    private static let negations: Phrases = ["does not", "do not", "doesn't", "without"]
    private static let consequences: Phrases = [
        "leading to", "which leads to", "resulting in", "which results in", "which can lead", "which could lead",
        "which may lead", "that can lead", "that could lead", "that may lead", "causing confusion", "despite",
        "even though", "a common oversight", "a common mistake", "a common error", "a common omission",
        "potentially delaying", "potentially causing", "thereby", "which undermines", "but instead",
    ]
}
