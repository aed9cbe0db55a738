// SPDX-License-Identifier: Apache-2.0

import Hub
import Runs
import Synchronization

/// Shows how far fetching has come, how fast it goes and how long it will take.
final class FetchProgress: Sendable {
    private let line = Mutex(Terminal.progressLine())

    /// Shows the state after an event.
    func show(_ event: Hub.Event) {
        line.withLock { line in
            switch event {
            case .waiting: line.write("waiting for another process that fetches the same files")
            case .progress(let progress): line.show(Self.text(progress))
            }
        }
    }

    /// Removes the line.
    func clear() {
        line.withLock { $0.clear() }
    }

    /// One line of progress.
    static func text(_ progress: HubProgress) -> String {
        var parts = [progress.file, "\(ByteCount.text(progress.bytes)) of \(ByteCount.text(progress.total))"]
        if progress.bytesPerSecond > 0 {
            let left = Double(progress.total - progress.bytes) / progress.bytesPerSecond
            parts.append("\(ByteCount.text(Int(progress.bytesPerSecond)))/s")
            parts.append("\(ProgressText.duration(.seconds(left))) left")
        }
        return parts.joined(separator: "  ")
    }
}
