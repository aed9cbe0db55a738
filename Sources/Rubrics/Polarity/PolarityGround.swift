// SPDX-License-Identifier: Apache-2.0

/// What the rules found that speaks for a polarity.
enum PolarityGround: String, Sendable, Hashable, CaseIterable {
    case prohibition = "says what a response must not do or should avoid"
    case requirement = "says what a response should do"
    case sanction = "says what responses are marked down for"
    case failure = "says that something required is left undone"
    case avoidance = "says that something is avoided"
    case virtue = "warns, distinguishes or keeps to what is good"
    case lackOfVirtue = "says that a warning or distinction is missing"
    case error = "names a mistake"
    case noError = "says that a mistake is not made"
    case adverb = "the adverb tells"
    case laterClause = "a later part of the statement tells"
    case consequence = "names a harm that follows"
    case wrongObject = "what it names is called wrong or beside the point"
    case rightObject = "what it names is called right or needed"
    case wrongOption = "what it names is an option that is not the answer"
    case rightOption = "what it names is the option that is the answer"
    case statedFact = "says that a fact is or is not stated"
    case foreignContent = "what it names is not in the right answer"
    case rightContent = "what it names is in the right answer"
    case verb = "what its verb usually means in rubrics"
    case title = "the title tells"
    case open = "wording and evidence leave it open"

    /// The phrase that is stored with a criterion.
    var phrase: String { rawValue }
}

/// One thing that speaks for a polarity.
struct PolarityCue: Sendable, Hashable {
    /// What was found.
    var ground: PolarityGround
    /// How strongly it says that meeting the statement is a virtue, as log-odds; below zero, a fault.
    var weight: Double
}
