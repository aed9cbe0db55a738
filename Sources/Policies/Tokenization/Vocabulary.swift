// SPDX-License-Identifier: Apache-2.0

/// The bytes of every token, and the token of given bytes.
struct Vocabulary: Sendable {
    /// One more than the highest id; ids without a token have no bytes.
    let count: Int
    private var bytes: [UInt8] = []
    private var ends: [Int]
    /// Open addressing: ids, or -1.
    private var slots: [Int32]

    /// Tokens with the same bytes as an earlier one.
    private(set) var duplicates: [Int32] = []

    /// Makes a vocabulary of the tokens' bytes, by id; an empty one stands for an id that is not used.
    ///
    /// - Parameters:
    ///   - tokens: The bytes of each token.
    ///   - hidden: Tokens that ``id(of:)`` does not find, so that they may have the bytes of another one.
    init(_ tokens: [[UInt8]], hidden: Set<Int32> = []) {
        count = tokens.count
        ends = []
        ends.reserveCapacity(count)
        bytes.reserveCapacity(tokens.reduce(0) { $0 + $1.count })
        slots = [Int32](repeating: -1, count: (2 * max(count, 4)).roundedUpToPowerOfTwo)
        for (id, token) in tokens.enumerated() {
            bytes += token
            ends.append(bytes.count)
            if !token.isEmpty, !hidden.contains(Int32(id)) { insert(Int32(id), token) }
        }
    }

    /// The bytes of a token; none for an id that is not used.
    subscript(id: Int32) -> ArraySlice<UInt8> {
        guard id >= 0, Int(id) < count else { return [] }
        return bytes[(id == 0 ? 0 : ends[Int(id) - 1])..<ends[Int(id)]]
    }

    /// The token with exactly these bytes.
    func id(of token: some Collection<UInt8>) -> Int32? {
        var slot = firstSlot(for: token)
        while slots[slot] >= 0 {
            if self[slots[slot]].elementsEqual(token) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func insert(_ id: Int32, _ token: [UInt8]) {
        var slot = firstSlot(for: token)
        while slots[slot] >= 0 {
            if self[slots[slot]].elementsEqual(token) {
                duplicates.append(id)
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = id
    }

    private func firstSlot(for token: some Collection<UInt8>) -> Int {
        Int(truncatingIfNeeded: token.stableHash >> 20) & (slots.count - 1)
    }
}

extension Int {
    /// The smallest power of two that is not below this number.
    var roundedUpToPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}

extension Sequence<UInt8> {
    /// A hash that does not change from run to run (FNV-1a with a final mix), for the tables of tokens and words.
    @inline(__always)
    var stableHash: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in self { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return (hash ^ (hash >> 29)) &* 0x9E37_79B9_7F4A_7C15
    }
}
