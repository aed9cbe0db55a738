// SPDX-License-Identifier: Apache-2.0

package import Judging
package import Runs

extension RatingRecord {
    /// What a judge rated.
    package init(_ rating: Rating) {
        self.init(value: rating.value, reason: rating.reason, failure: rating.failure, judge: rating.judge)
    }
}
