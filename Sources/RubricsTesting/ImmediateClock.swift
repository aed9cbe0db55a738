// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock on which every sleep ends at once and the time is what was slept.
public final class ImmediateClock: Clock {
    /// A time since the clock was made.
    public struct Instant: InstantProtocol {
        /// How long after the clock was made.
        public var offset: Duration

        /// The time `duration` later.
        public func advanced(by duration: Duration) -> Self {
            Self(offset: offset + duration)
        }

        /// The time from this instant to another.
        public func duration(to other: Self) -> Duration {
            other.offset - offset
        }

        /// Whether one instant is earlier than another.
        public static func < (left: Self, right: Self) -> Bool {
            left.offset < right.offset
        }
    }

    private let time = Mutex(Instant(offset: .zero))

    /// Makes a clock at zero.
    public init() {}

    /// The time: the latest deadline slept to.
    public var now: Instant { time.withLock(\.self) }
    /// Zero.
    public var minimumResolution: Duration { .zero }

    /// Moves the time to `deadline` and returns.
    ///
    /// - Throws: `CancellationError` in a cancelled task.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline) }
    }
}
