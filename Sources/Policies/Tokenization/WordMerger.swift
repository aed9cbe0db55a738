// SPDX-License-Identifier: Apache-2.0

/// Merges the bytes of one word after another; its buffers are used again, so that a word costs no allocation.
///
/// The candidate merges wait in a heap, ordered by rank and then from left to right, so that a word of n bytes takes
/// O(n log n): a megabyte without any space is as fast as prose.
struct WordMerger {
    private let merges: MergeTable
    /// The token of each byte, or -1 where the vocabulary has none.
    private let byteTokens: [Int32]
    private var tokens: [Int32] = []
    /// Neighbours among the symbols that are left; -1 at either end.
    private var previous: [Int32] = []
    private var next: [Int32] = []
    private var candidates = MinimumHeap()

    init(merges: MergeTable, byteTokens: [Int32]) {
        self.merges = merges
        self.byteTokens = byteTokens
    }

    /// Appends the tokens of `word` to `output`.
    ///
    /// A byte that the vocabulary lacks is left out before its neighbours merge, as `tokenizers` does without an
    /// unknown token: SmolLM2 has none for 21 bytes, six of them control characters.
    mutating func merge(_ word: some Collection<UInt8>, into output: inout [Int32]) {
        tokens.removeAll(keepingCapacity: true)
        for byte in word where byteTokens[Int(byte)] >= 0 { tokens.append(byteTokens[Int(byte)]) }
        guard tokens.count > 1 else {
            output += tokens
            return
        }
        link()
        while let candidate = candidates.removeMinimum() {
            apply(rank: UInt32(candidate >> 32), at: Int(candidate & 0xFFFF_FFFF))
        }
        var symbol = 0
        while symbol >= 0 {
            output.append(tokens[symbol])
            symbol = Int(next[symbol])
        }
    }

    private mutating func link() {
        previous.removeAll(keepingCapacity: true)
        next.removeAll(keepingCapacity: true)
        for index in 0..<Int32(tokens.count) {
            previous.append(index - 1)
            next.append(index + 1)
        }
        next[tokens.count - 1] = -1
        for index in 0..<tokens.count - 1 { propose(at: index) }
    }

    /// Puts the pair that starts at `index` among the candidates, if it merges.
    private mutating func propose(at index: Int) {
        guard next[index] >= 0, let merge = merges.merge(tokens[index], tokens[Int(next[index])]) else { return }
        candidates.insert(UInt64(merge.rank) << 32 | UInt64(index))
    }

    /// Merges the pair at `index`, unless an earlier merge has taken one of its halves meanwhile.
    private mutating func apply(rank: UInt32, at index: Int) {
        guard tokens[index] >= 0, next[index] >= 0 else { return }
        let right = Int(next[index])
        guard let merge = merges.merge(tokens[index], tokens[right]), merge.rank == rank else { return }
        tokens[index] = merge.token
        tokens[right] = -1
        next[index] = next[right]
        if next[index] >= 0 { previous[Int(next[index])] = Int32(index) }
        if previous[index] >= 0 { propose(at: Int(previous[index])) }
        propose(at: index)
    }
}

/// A binary heap.
private struct MinimumHeap {
    private var elements: [UInt64] = []

    mutating func insert(_ element: UInt64) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeMinimum() -> UInt64? {
        guard let last = elements.popLast() else { return nil }
        guard let minimum = elements.first else { return last }
        elements[0] = last
        var parent = 0
        while true {
            var smallest = 2 * parent + 1
            guard smallest < elements.count else { return minimum }
            if smallest + 1 < elements.count, elements[smallest + 1] < elements[smallest] { smallest += 1 }
            guard elements[smallest] < elements[parent] else { return minimum }
            elements.swapAt(smallest, parent)
            parent = smallest
        }
    }
}
