// SPDX-License-Identifier: Apache-2.0

/// A small counter-based generator (Steele, Lea & Flood 2014), so that a stream follows from its seed alone.
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
    private var state: UInt64

    /// Starts a stream at `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// Starts the stream that belongs to `path` below `seed`, for example (step, task, sample, position).
    ///
    /// Streams of different paths are independent for all practical purposes: each component is mixed in turn.
    public init(seed: UInt64, path: UInt64...) {
        self.init(seed: seed)
        for component in path {
            state = next() ^ (component &* 0x9E37_79B9_7F4A_7C15)
        }
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A uniform number in [0, 1) with 53 random bits.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
