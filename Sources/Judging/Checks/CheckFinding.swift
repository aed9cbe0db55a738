// SPDX-License-Identifier: Apache-2.0

/// What a check found in a completion.
public struct CheckFinding: Sendable, Hashable {
    /// Whether the statement is true of the completion; polarity comes later.
    public var met: Bool
    /// Why, for a reader: `"sip water" and "small amounts" in one sentence`.
    public var reason: String
    /// The passages of the completion that decided it, verbatim; at most four.
    public var evidence: [String]

    /// The most passages a finding shows.
    package static let evidenceLimit = 4

    /// Makes a finding.
    public init(met: Bool, reason: String, evidence: [String] = []) {
        self.met = met
        self.reason = reason
        self.evidence = Array(evidence.filter { !$0.isEmpty }.prefix(Self.evidenceLimit))
    }
}

/// Wording that findings share.
enum Wording {
    /// Terms in quotation marks: `"a", "b", "c" or 7 more`.
    static func terms(_ terms: [String], joiner: String, limit: Int = 3) -> String {
        let shown = terms.count == limit + 1 ? limit + 1 : limit
        var parts = terms.prefix(shown).map(quoted)
        if terms.count > shown { parts.append("\(terms.count - shown) more") }
        return list(parts, joiner: joiner)
    }

    /// `a, b and c`.
    static func list(_ parts: [String], joiner: String) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " \(joiner) " + last
    }

    static func quoted(_ text: String) -> String {
        "\"" + text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline).joined(separator: " ") + "\""
    }

    static func count(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(plural ?? noun + "s")"
    }

    static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value) { return String(whole) }
        return String(value)
    }

    static func percent(_ share: Double) -> String {
        "\(number((share * 1_000).rounded() / 10))%"
    }

    /// A passage short enough for a sentence about it.
    static func excerpt(_ text: String, limit: Int = 60) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > limit else { return quoted(text) }
        return quoted(String(scalars.prefix(limit)) + "…")
    }
}
