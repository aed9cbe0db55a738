// SPDX-License-Identifier: Apache-2.0

/// What a reasoning model writes before its answer, told by markers, so that the answer alone is judged.
public struct Thinking: Sendable, Hashable {
    /// What begins and ends a passage of thinking.
    public struct Markers: Sendable, Hashable {
        /// For example `<think>`.
        public var opening: String
        /// For example `</think>`.
        public var closing: String

        /// Makes markers.
        public init(opening: String, closing: String) {
            self.opening = opening
            self.closing = closing
        }
    }

    /// The markers, in the order in which they are looked for.
    public var markers: [Markers]

    /// Makes a notation.
    public init(markers: [Markers]) {
        self.markers = markers
    }

    /// `<think>…</think>` and `<thinking>…</thinking>`.
    public static let standard = Thinking(
        markers: ["think", "thinking"].map { Markers(opening: "<\($0)>", closing: "</\($0)>") }
    )

    /// A text without its thinking.
    ///
    /// Thinking that is not closed runs to the end. A closing marker without an opening one closes thinking that the
    /// prompt opened, so all before it goes too.
    public func removed(from text: String) -> String {
        var bytes = Array(text.utf8)[...]
        for markers in markers {
            bytes = Self.removed(from: bytes, Array(markers.opening.utf8), Array(markers.closing.utf8))[...]
        }
        return bytes.count == text.utf8.count ? text : String(decoding: bytes, as: UTF8.self)
    }

    /// Whether nothing is left of a text after removing thinking, white space and invisible characters.
    public func leavesNothing(of text: String) -> Bool {
        removed(from: text).unicodeScalars.allSatisfy { scalar in
            scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
                || scalar.properties.generalCategory == .control
        }
    }

    private static func removed(from bytes: ArraySlice<UInt8>, _ opening: [UInt8], _ closing: [UInt8]) -> [UInt8] {
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
        guard let first = marker.first else { return nil }
        return bytes.indices.first { bytes[$0] == first && bytes[$0...].starts(with: marker) }
    }
}
