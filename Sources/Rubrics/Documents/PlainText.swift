// SPDX-License-Identifier: Apache-2.0

extension UnsafeBufferPointer<UInt8> {
    /// Where a run of plain text ends: of printable ASCII without quotes and backslashes, which JSON writes as it is.
    ///
    /// Eight bytes are looked at together; a byte that is not plain sets its highest bit in one of the terms.
    func endOfPlainText(from start: Int) -> Int {
        guard let base = UnsafeRawPointer(baseAddress) else { return start }
        var index = start
        let each: UInt64 = 0x0101_0101_0101_0101
        let highest = each &* 0x80
        while index + 8 <= count {
            let word = (base + index).loadUnaligned(as: UInt64.self)
            let quotes = word ^ (each &* 0x22)
            let backslashes = word ^ (each &* 0x5C)
            let deletes = word ^ (each &* 0x7F)
            let below = (word &- each &* 0x20) | (quotes &- each) | (backslashes &- each) | (deletes &- each)
            // A term may be wrong about bytes behind one that is not plain, never about the first such byte.
            guard (below | word) & highest == 0 else { break }
            index += 8
        }
        while index < count, isPlain(self[index]) { index += 1 }
        return index
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
