// SPDX-License-Identifier: Apache-2.0

/// Where in the text and in the output each word was seen first, so that a repeated word is copied, not merged again.
///
/// It lives as long as one call of `encode`: words are ranges of that call's text.
struct WordCache {
    private struct Entry {
        var hash: UInt64
        var start: Int
        var length: Int
        var tokens: Range<Int>
    }

    private let text: UnsafeBufferPointer<UInt8>
    private var slots: [Int32] = [Int32](repeating: -1, count: 1 << 10)
    private var entries: [Entry] = []
    /// Longer words seldom repeat.
    private static let maximumLength = 64

    init(text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    /// Appends the tokens of the word at `range` to `output`, by `merge` if it was not seen before.
    mutating func encode(_ range: Range<Int>, into output: inout [Int32], merge: (inout [Int32]) -> Void) {
        guard range.count <= Self.maximumLength else { return merge(&output) }
        let word = UnsafeBufferPointer(rebasing: text[range])
        let hash = word.stableHash
        var slot = slot(of: hash)
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, isSame(entry, word) {
                for index in entry.tokens { output.append(output[index]) }
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        let first = output.count
        merge(&output)
        slots[slot] = Int32(entries.count)
        entries.append(Entry(hash: hash, start: range.lowerBound, length: range.count, tokens: first..<output.count))
        if 2 * entries.count > slots.count { grow() }
    }

    private func isSame(_ entry: Entry, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        entry.length == word.count && word.elementsEqual(text[entry.start..<entry.start + entry.length])
    }

    private func slot(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 4 * slots.count)
        for (index, entry) in entries.enumerated() {
            var slot = slot(of: entry.hash)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(index)
        }
    }
}
