// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Judging
import Rewards
import Runs

/// Shows how far judging has come, how fast it goes, what it costs and how long it will take.
struct JudgeProgress {
    let total: Int
    var line: ProgressLine<ContinuousClock>
    private let start = ContinuousClock.now

    init(total: Int, line: ProgressLine<ContinuousClock>) {
        self.total = total
        self.line = line
    }

    /// Shows the state after another line.
    mutating func show(_ summary: JudgeSummary) {
        let elapsed = (ContinuousClock.now - start).seconds
        let left = elapsed / Double(summary.count) * Double(total - summary.count)
        var parts = ["\(summary.count)/\(total) responses"]
        if let mean = summary.mean { parts.append("mean \(ProgressText.fixed(mean, digits: 3))") }
        if summary.unscoredCount > 0 { parts.append("\(summary.unscoredCount) unscored") }
        let made = summary.usage.calls - summary.usage.recorded
        if made > 0, elapsed > 0 { parts.append("\(ProgressText.rate(Double(made) / elapsed)) calls/s") }
        if summary.usage.cost > 0 { parts.append("$\(ProgressText.fixed(summary.usage.cost, digits: 2))") }
        if summary.count < total { parts.append("\(ProgressText.duration(.seconds(left))) left") }
        line.show(parts.joined(separator: "  "))
    }

    /// Removes the line.
    mutating func clear() {
        line.clear()
    }
}
