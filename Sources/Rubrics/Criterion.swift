// SPDX-License-Identifier: Apache-2.0

/// How much a criterion matters, in the paper's four classes.
public enum Importance: String, Sendable, Hashable, Codable, CaseIterable {
    case essential
    case important
    case optional
    case pitfall

    /// The paper's weight (section 3.3): 1.0, 0.7, 0.3, and 0.9 for pitfalls.
    public var paperWeight: Double {
        switch self {
        case .essential: 1.0
        case .important: 0.7
        case .optional: 0.3
        case .pitfall: 0.9
        }
    }
}

/// What meeting a criterion's statement means.
///
/// A pitfall can be worded either way ("Does not delay fluids", "Recommends antibiotics for a virus"), so polarity is
/// decided once per criterion, on import or synthesis, and never guessed from the sign of a weight.
public enum Polarity: String, Sendable, Hashable, Codable, CaseIterable {
    /// The statement describes a virtue: meeting it is credited.
    case positive
    /// The statement describes a fault: *not* meeting it is credited.
    case negative
    /// Nobody has decided yet; commands that need rewards refuse the criterion or drop it, as the user says.
    case undecided
}

/// What a criterion looks at: what is said, or how.
public enum CriterionKind: String, Sendable, Hashable, Codable, CaseIterable {
    case content
    case form
}

/// One checkable statement about a completion.
public struct Criterion: Sendable, Hashable {
    /// The identifier within its rubric; `c1`, `c2`, … when a file gives none.
    public var id: String
    /// Two to four words for tables and plots.
    public var title: String
    /// The statement that a judge finds met or not met.
    public var description: String
    /// The paper's class; may be missing when `weight` is there.
    public var importance: Importance?
    /// The item's own weight. Only its magnitude counts: a sign in a file is not read as polarity.
    public var weight: Double?
    /// Whether meeting the statement is a virtue or a fault.
    public var polarity: Polarity
    /// Why the polarity was decided so.
    public var polarityGround: String?
    /// How sure that decision is, in [0, 1].
    public var polarityConfidence: Double?
    /// What the criterion looks at.
    public var kind: CriterionKind?
    /// A programmatic predicate that decides the statement without a language model.
    public var check: Check?
    /// Finer statements below this one.
    public var children: [Criterion]
    /// Labels of the data, for example HealthBench's axes.
    public var tags: [String]
    /// What the format of others carries that has no key of its own here.
    public var metadata: JSONObject

    /// Makes a criterion; only the statement is needed.
    public init(
        id: String = "c1",
        title: String = "",
        description: String,
        importance: Importance? = nil,
        weight: Double? = nil,
        polarity: Polarity = .positive,
        polarityGround: String? = nil,
        polarityConfidence: Double? = nil,
        kind: CriterionKind? = nil,
        check: Check? = nil,
        children: [Criterion] = [],
        tags: [String] = [],
        metadata: JSONObject = JSONObject()
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.importance = importance
        self.weight = weight
        self.polarity = polarity
        self.polarityGround = polarityGround
        self.polarityConfidence = polarityConfidence
        self.kind = kind
        self.check = check
        self.children = children
        self.tags = tags
        self.metadata = metadata
    }
}
