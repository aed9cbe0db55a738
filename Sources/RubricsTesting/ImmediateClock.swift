// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock on which sleeps end at once and the time is what was slept.
///
/// Sleeps longer than a limit end by cancellation alone: so waits between attempts pass while deadlines stay far away.
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
    private let longest: Duration?

    /// Makes a clock at zero.
    ///
    /// - Parameter longest: The longest sleep that ends at once; `nil` for any.
    public init(upTo longest: Duration? = nil) {
        self.longest = longest
    }

    /// The time: the latest deadline slept to.
    public var now: Instant { time.withLock(\.self) }
    /// Zero.
    public var minimumResolution: Duration { .zero }

    /// Moves the time to `deadline` and returns.
    ///
    /// - Throws: `CancellationError` in a cancelled task.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        if let longest, now.duration(to: deadline) > longest {
            for await _ in AsyncStream<Never>.makeStream().stream {}
            throw CancellationError()
        }
        time.withLock { $0 = max($0, deadline) }
    }
}
