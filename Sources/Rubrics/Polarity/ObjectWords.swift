// SPDX-License-Identifier: Apache-2.0

/// The words and phrases that call a thing wrong, beside the point, or needed.
enum ObjectWords {
    /// Adjectives for what is beside the point.
    static let idle: Set<String> = [
        "irrelevant", "unrelated", "unnecessary", "extraneous", "redundant", "excessive", "superfluous", "non-relevant",
        "non-related", "nonessential", "non-essential", "tangential", "nonspecific", "non-specific", "off-topic",
        "undue", "unneeded", "needless",
    ]

    /// Adjectives for what is wrong.
    static let wrong: Set<String> = [
        "incorrect", "wrong", "misleading", "inaccurate", "false", "erroneous", "unsupported", "unproven", "unfounded",
        "inappropriate", "outdated", "ambiguous", "vague", "contradictory", "unsubstantiated", "unjustified", "invalid",
        "improper", "unverified", "speculative", "overly", "too", "excessively", "unscientific", "confusing",
        "fabricated", "unclear", "jargon", "overgeneralized", "oversimplified", "repetitive", "misplaced", "mistaken",
        "flawed", "unwarranted", "misinformation",
    ]

    /// Adjectives for what may be wrong to say, and may be a thing that an answer has to speak of.
    static let unsound: Set<String> = [
        "harmful", "unsafe", "dangerous", "ineffective", "insufficient", "inadequate", "unlikely", "unreliable",
        "incomplete", "inconsistent", "risky", "unrealistic",
    ]

    /// What an answer utters: such a thing is wrong where it is unsound.
    static let utterances: Set<String> = [
        "advice", "recommendation", "recommendations", "information", "statement", "statements", "claim", "claims",
        "detail", "details", "suggestion", "suggestions", "explanation", "explanations", "treatment", "treatments",
        "diagnosis", "diagnoses", "options", "option", "alternatives", "practices", "measures",
    ]

    /// Words before an adjective that does not call the thing itself so: "why it is wrong".
    static let linking: Set<String> = ["is", "are", "was", "were", "be", "being", "as", "not"]

    /// Relative clauses that call a thing wrong.
    static let wrongRelatives: Phrases = [
        "that do not", "that does not", "that are not", "that is not", "which do not", "which does not",
        "which are not", "which is not", "not associated", "not related", "not relevant", "not supported",
        "not indicated", "not consistent with", "which is incorrect", "which are incorrect", "which is wrong",
        "which is inaccurate", "which is inappropriate", "which are inappropriate", "which is contraindicated",
        "which are contraindicated", "which is a misconception", "that could mislead", "that may mislead",
        "that might mislead", "which could mislead", "which may mislead", "that could confuse", "that may confuse",
        "that might confuse", "that contradict", "that contradicts", "which contradicts", "that deviate",
        "that detract",
        "that distract", "that are incorrect", "that are irrelevant", "that are unrelated", "that lack", "that lacks",
    ]

    /// Phrases that say that a thing is wrong as it is put.
    static let qualifiers: Phrases = [
        "unless", "other than", "higher or lower", "as those", "as the only", "as the sole",
    ]

    /// Phrases that put one thing in another's place.
    static let replacements: Phrases = ["instead of", "rather than"]

    /// Phrases that give a thing the right one's part.
    static let roles: Phrases = ["as the", "as being", "as correct", "to be the"]

    /// How a thing begins that is any but the right one.
    static let anyOther: Phrases = ["any other"]

    /// How a fact begins.
    static let facts: Phrases = ["that", "the fact"]

    /// Phrases for finding fault with a thing.
    static let criticism: Phrases = ["critical of"]

    /// How what follows "without" begins where the want of it is a fault.
    static let missing = [
        "clear", "proper", "any", "adequate", "sufficient", "appropriate", "consider", "explain", "explan", "mention",
        "justif", "different", "distinguish", "evidence", "context", "support", "clarif", "link", "specify",
        "acknowledg", "further", "provid", "address", "not", "qualif", "referenc", "reason", "discuss", "stating",
        "caveat", "caution", "account", "confirm", "first", "necessary", "need", "regard", "recogni", "relat", "verif",
        "identif",
    ]

    /// What a good answer speaks of: what matters, and what to be careful about.
    static let needed: Set<String> = [
        "importance", "need", "necessity", "role", "significance", "relevance", "possibility", "risk", "risks",
        "limitation", "limitations", "assumption", "assumptions", "contraindication", "contraindications",
        "misidentification", "misconception", "misconceptions", "danger", "dangers", "key", "exception", "exceptions",
        "essential",
        "critical", "crucial", "necessary", "important", "correct", "required", "proper", "mechanism", "rationale",
        "caveat", "caveats", "relationship", "impact", "implications", "consequences", "complications",
        "pathophysiology", "final", "conclusion", "accurate", "adequate", "sufficient", "definitive", "detailed",
        "appropriate", "main", "follow-up", "warning", "clear", "precautions",
    ]

    /// Relative clauses and phrases that call a thing needed.
    static let neededRelatives: Phrases = [
        "which is essential", "which are essential", "which is crucial", "which are crucial", "which is critical",
        "which is important", "which are important", "which is key", "which are key", "which is necessary",
        "which is vital", "that is essential", "that are essential", "that is crucial", "that could explain",
        "that may explain", "that should be", "should be considered", "which should", "when relevant", "if relevant",
        "where appropriate", "if applicable", "side effects", "side effect", "adverse effects", "red flag", "red flags",
    ]

    /// What may be the case.
    static let conceivable: Set<String> = ["potential", "possible", "plausible", "likely"]

    /// Words for an explanation or a comparison.
    static let explanatory: Set<String> = [
        "why", "how", "difference", "differences", "distinction", "comparison", "reason", "reasons", "whether",
    ]
}
