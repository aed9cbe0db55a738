// SPDX-License-Identifier: Apache-2.0

/// The merges of a byte-pair encoding: which two neighbouring tokens become which one, and which goes first.
struct MergeTable: Sendable {
    /// What becomes of a pair.
    struct Merge {
        /// The place in the list of merges; the lowest goes first.
        var rank: UInt32
        /// The token that the pair becomes.
        var token: Int32
    }

    /// Left and right token of each merge, by rank.
    let pairs: [(left: Int32, right: Int32)]
    private var keys: [UInt64]
    private var values: [Merge]
    private static let free = UInt64.max

    /// Makes a table of the merges in order; of a repeated pair the last stands, as in `tokenizers`.
    init(_ merges: [(left: Int32, right: Int32, token: Int32)]) {
        pairs = merges.map { ($0.left, $0.right) }
        let capacity = (2 * max(merges.count, 4)).roundedUpToPowerOfTwo
        keys = [UInt64](repeating: Self.free, count: capacity)
        values = [Merge](repeating: Merge(rank: 0, token: 0), count: capacity)
        for (rank, merge) in merges.enumerated() {
            let slot = slot(of: Self.key(merge.left, merge.right))
            keys[slot] = Self.key(merge.left, merge.right)
            values[slot] = Merge(rank: UInt32(rank), token: merge.token)
        }
    }

    /// What the pair becomes, or `nil` when it does not merge.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let slot = slot(of: Self.key(left, right))
        return keys[slot] == Self.free ? nil : values[slot]
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The slot that holds `key`, or the free one where it belongs.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mixed = key &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: mixed >> 24) & (keys.count - 1)
        while keys[slot] != Self.free, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
        return slot
    }
}
