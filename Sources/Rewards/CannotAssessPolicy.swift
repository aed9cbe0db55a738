// SPDX-License-Identifier: Apache-2.0

/// What `cannot assess` does to a reward.
public enum CannotAssessPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    /// The criterion is not credited, whatever its polarity.
    case notCredited = "not_credited"
    /// The criterion counts as not judged: it leaves the sums and the coverage.
    case exclude
}
