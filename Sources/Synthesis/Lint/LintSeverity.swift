// SPDX-License-Identifier: Apache-2.0

/// How bad a finding is.
package enum LintSeverity: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The row or the rubric cannot be used as it stands.
    case error
    /// Rewards made with it are likely to be wrong.
    case warning
    /// Worth a look; does not change the command's status.
    case note

    /// Whether the left one is worse.
    package static func < (left: Self, right: Self) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .note: 2
        }
    }
}
