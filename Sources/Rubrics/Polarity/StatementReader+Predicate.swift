// SPDX-License-Identifier: Apache-2.0

extension StatementReader {
    /// The shape of a predicate: an adverb, a negation, a verb, what it is about.
    func predicate(_ words: [String]) -> StatementShape {
        var rest = words[...]
        var manners = takeManners(&rest)
        let isState = rest.first.map { ["is", "are", "isn't"].contains($0) } ?? false
        let isNegated = takeNegation(&rest)
        manners += takeManners(&rest)
        let verb = rest.first.flatMap { VerbForm($0) ?? VerbForm(noun: $0) }
        guard let verb else {
            // "Does not reach the root" is about the root, "Is not precise" about being precise.
            rest = rest.dropFirst(isNegated && !isState ? 1 : 0)
            return naming(isNegated, nil, Array(rest), manners)
        }
        let verbs = takeVerbs(&rest, first: verb)
        if verbs[0] == .exclusion { return naming(!isNegated, .assertion, Array(rest), manners) }
        return decided(verbs, isNegated, Array(rest)) ?? naming(isNegated, verbs[0], Array(rest), manners)
    }

    /// The shape where the verb decides whatever it is about.
    private func decided(_ verbs: [VerbClass], _ isNegated: Bool, _ object: [String]) -> StatementShape? {
        if verbs.contains(.sanction) { return .decided(.sanction, isVirtue: false) }
        if verbs.contains(.failure) { return .decided(isNegated ? .noError : .failure, isVirtue: isNegated) }
        if verbs.contains(.error) {
            let isVirtue = isNegated != ObjectReader(object, isNegated: isNegated).isBesideThePoint
            return .decided(isVirtue ? .noError : .error, isVirtue: isVirtue)
        }
        if verbs.contains(.avoidance) {
            return .decided(isNegated ? .error : .avoidance, isVirtue: !isNegated)
        }
        if verbs.contains(.virtue) { return .decided(isNegated ? .lackOfVirtue : .virtue, isVirtue: !isNegated) }
        return nil
    }

    private func naming(
        _ isNegated: Bool,
        _ verbClass: VerbClass?,
        _ object: [String],
        _ manners: [Manner]
    ) -> StatementShape {
        let cues =
            manners.map { $0.cue(isNegated: isNegated) }
            + LaterClauses(object, isNegated: isNegated).cues
        guard verbClass == .assertion || verbClass == .explanation,
            let place = object.prefix(5).firstIndex(where: { Self.warnings.contains($0) })
        else { return .naming(.init(isNegated: isNegated, verbClass: verbClass, object: object, cues: cues)) }
        // "Recommends against X" says that X is not recommended, and more.
        let warning = PolarityCue(ground: isNegated ? .lackOfVirtue : .virtue, weight: isNegated ? -1.5 : 1.5)
        let rest = Array(object[(place + 1)...])
        return .naming(.init(isNegated: !isNegated, verbClass: .assertion, object: rest, cues: cues + [warning]))
    }

    private static let warnings: Set<String> = ["against", "avoiding", "avoid", "avoidance"]

    // MARK: - Parts

    private func takeManners(_ rest: inout ArraySlice<String>) -> [Manner] {
        var manners: [Manner] = []
        while let word = rest.first {
            if let manner = Manner(word) {
                manners.append(manner)
            } else if !Self.fillers.contains(word) {
                break
            }
            rest = rest.dropFirst()
        }
        return manners
    }

    private func takeNegation(_ rest: inout ArraySlice<String>) -> Bool {
        guard let length = Self.negationPhrases.length(atStartOf: rest) else { return false }
        rest = rest.dropFirst(length)
        return true
    }

    /// The verb and those that are joined to it: "mention or suggest", "mention, claim, or imply".
    private func takeVerbs(_ rest: inout ArraySlice<String>, first: VerbForm) -> [VerbClass] {
        var verbs = [first.verbClass]
        rest = rest.dropFirst()
        while true {
            var next = rest.drop { $0 == "," }.drop { ["or", "and", "nor"].contains($0) }
            next = next.drop { Self.fillers.contains($0) || Manner($0) != nil }
            guard next.count < rest.count, let word = next.first, let verb = VerbForm(word),
                verb.inflection == first.inflection
            else { return verbs }
            verbs.append(verb.verbClass)
            rest = next.dropFirst()
        }
    }

    private static let fillers: Set<String> = [
        "also", "even", "ever", "simply", "just", "either", "both", "then", "still", "otherwise", "further",
    ]
    private static let negationPhrases: Phrases = [
        "does not", "do not", "did not", "doesn't", "don't", "didn't", "is not", "are not", "isn't", "never", "cannot",
        "not", "no", "without",
    ]
}
