// SPDX-License-Identifier: Apache-2.0

import Judging
package import Rubrics

/// Why a prompt has no rubric: its row is kept aside with this.
package struct SetAside: Error, Sendable, Hashable {
    /// The kinds of reason.
    package enum Reason: Sendable, Hashable {
        /// The line is no prompt.
        case invalidRow
        /// There is no reference answer, and none was to be written.
        case noReference
        /// Too few items are left that keep the rules, or none of them is essential.
        case items
        /// A call failed.
        case failed(JudgeFailure.Cause)

        /// The word that files use.
        package var word: String {
            switch self {
            case .invalidRow: "invalid_row"
            case .noReference: "no_reference"
            case .items: "items"
            case .failed(let cause): cause.rawValue
            }
        }

        /// Whether running the same command again may do: nothing is wrong with the row or what was answered.
        package var isPassing: Bool {
            if case .failed(let cause) = self { !cause.isContentBound } else { false }
        }
    }

    /// Why.
    package var reason: Reason
    /// What exactly, and the way out.
    package var detail: String

    /// Makes a reason.
    package init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

/// An item that is in no rubric, with what was wrong with it.
package struct AsideItem: Sendable, Hashable {
    /// What was written.
    package var said: JSONValue
    /// What was wrong with it.
    package var complaints: [String]

    /// Makes an item.
    package init(said: JSONValue, complaints: [String]) {
        self.said = said
        self.complaints = complaints
    }
}
