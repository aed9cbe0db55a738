// SPDX-License-Identifier: Apache-2.0

/// A word read as a form of a verb.
struct VerbForm: Sendable, Hashable {
    /// The endings that matter.
    enum Inflection: Sendable, Hashable {
        case base
        case thirdPerson
        case gerund
        case past
    }

    /// What the verb says.
    let verbClass: VerbClass
    /// How it is inflected.
    let inflection: Inflection

    /// Makes a form.
    init(_ verbClass: VerbClass, _ inflection: Inflection) {
        (self.verbClass, self.inflection) = (verbClass, inflection)
    }

    /// Reads a word.
    ///
    /// - Returns: `nil` for a word that is no verb of a known class.
    init?(_ word: String) {
        for (base, inflection) in Self.candidates(word) {
            guard let verbClass = VerbLexicon.verbClass(of: base) else { continue }
            self.init(verbClass, inflection)
            return
        }
        return nil
    }

    private static func candidates(_ word: String) -> [(String, Inflection)] {
        func without(_ suffix: String, _ replacements: [String], _ inflection: Inflection) -> [(String, Inflection)] {
            guard word.hasSuffix(suffix), word.utf8.count > suffix.utf8.count + 1 else { return [] }
            let stem = String(word.dropLast(suffix.count))
            let single = stem.last == stem.dropLast().last ? [String(stem.dropLast())] : []
            return (replacements.map { stem + $0 } + single).map { ($0, inflection) }
        }
        return without("ies", ["y"], .thirdPerson) + without("es", ["", "e"], .thirdPerson)
            + without("s", [""], .thirdPerson) + without("ied", ["y"], .past) + without("ed", ["", "e"], .past)
            + without("ing", ["", "e"], .gerund) + [(word, .base)]
    }
}

extension VerbForm {
    /// Reads a noun that names an act: "Failure to …", "Omission of …".
    ///
    /// - Returns: `nil` for any other word.
    init?(noun: String) {
        guard let verbClass = Self.nouns[noun] ?? (noun.hasPrefix("mis") && noun.hasSuffix("ion") ? .error : nil) else {
            return nil
        }
        self.init(verbClass, .thirdPerson)
    }

    private static let nouns: [String: VerbClass] = [
        "failure": .failure, "omission": .error, "omissions": .error, "absence": .error, "confusion": .error,
        "oversight": .error, "error": .error, "errors": .error, "inability": .failure, "overreliance": .error,
        "over-reliance": .error, "avoidance": .avoidance, "mention": .mention, "mentions": .mention,
        "inclusion": .explanation, "discussion": .explanation, "explanation": .explanation,
        "recommendation": .assertion, "suggestion": .assertion, "reference": .mention, "assumption": .assertion,
    ]
}
