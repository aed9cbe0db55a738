// SPDX-License-Identifier: Apache-2.0

/// The part of a completion that answers: without the thinking that reasoning models write first.
public enum Thinking {
    /// The completion without `<think>…</think>` and `<thinking>…</thinking>`.
    ///
    /// Thinking that is not closed runs to the end. A closing marker without an opening one closes thinking that the
    /// prompt opened, so all before it goes too.
    public static func removed(from completion: String) -> String {
        guard completion.utf8.contains(UInt8(ascii: "<")) else { return completion }
        var bytes = Array(completion.utf8)[...]
        for name in ["think", "thinking"] { bytes = removed(from: bytes, name: name)[...] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether nothing is left of a completion after removing thinking, white space and invisible characters.
    public static func leavesNothing(of completion: String) -> Bool {
        removed(from: completion).unicodeScalars.allSatisfy { scalar in
            scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
                || scalar.properties.generalCategory == .control
        }
    }

    private static func removed(from bytes: ArraySlice<UInt8>, name: String) -> [UInt8] {
        let opening = Array("<\(name)>".utf8)
        let closing = Array("</\(name)>".utf8)
        var kept: [UInt8] = []
        var rest = bytes
        while true {
            let open = index(of: opening, in: rest)
            let close = index(of: closing, in: rest)
            switch (open, close) {
            case (nil, nil): return kept + rest
            case (let open?, nil): return kept + rest[..<open]
            case (let open?, let close?) where open < close:
                kept += rest[..<open]
                let end = index(of: closing, in: rest[open...]) ?? close
                rest = rest[(end + closing.count)...]
            case (_, let close?):
                kept = []
                rest = rest[(close + closing.count)...]
            }
        }
    }

    private static func index(of marker: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0] == marker[0] && bytes[$0...].starts(with: marker) }
    }
}
