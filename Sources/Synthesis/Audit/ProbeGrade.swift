// SPDX-License-Identifier: Apache-2.0

/// What became of a probe.
package struct ProbeGrade: Sendable, Hashable {
    /// The probe.
    package var probe: AuditProbe
    /// Its reward; `nil` where it is unscored.
    package var reward: Double?
    /// Whether each criterion was credited, in the rubric's order; `nil` where it was not judged. Empty for methods that
    /// rate.
    package var credited: [Bool?]
    /// Why there is no reward.
    package var unscored: String?

    /// Makes a grade.
    package init(probe: AuditProbe, reward: Double?, credited: [Bool?], unscored: String? = nil) {
        self.probe = probe
        self.reward = reward
        self.credited = credited
        self.unscored = unscored
    }
}

/// How often verdicts stayed the same, criterion by criterion.
package struct VerdictAgreement: Sendable, Hashable {
    /// The verdicts on one criterion.
    package struct Count: Sendable, Hashable {
        /// How many were compared.
        package var compared = 0
        /// How many stayed.
        package var same = 0
    }

    /// For each criterion of the rubric, in its order.
    package private(set) var counts: [Count]

    /// Makes an agreement about so many criteria, of which nothing was compared.
    package init(criteria: Int) {
        counts = Array(repeating: Count(), count: criteria)
    }

    /// Counts a comparison.
    ///
    /// - Parameters:
    ///   - criterion: The criterion's place in the rubric.
    ///   - isSame: Whether the verdict stayed.
    package mutating func count(_ criterion: Int, isSame: Bool) {
        counts[criterion].compared += 1
        if isSame { counts[criterion].same += 1 }
    }

    /// The share that stayed over all criteria; `nil` where nothing was compared.
    package var share: Double? {
        let compared = counts.reduce(0) { $0 + $1.compared }
        return compared == 0 ? nil : Double(counts.reduce(0) { $0 + $1.same }) / Double(compared)
    }
}
