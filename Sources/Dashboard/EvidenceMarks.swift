// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// A completion with the passages marked that decided its criteria.
struct EvidenceMarks {
    private struct Passage {
        var range: Range<Int>
        var verdict: VerdictRecord
    }

    private let bytes: [UInt8]
    private let passages: [Passage]

    /// Passages that cover nearly all of a text point at nothing and are not marked.
    private static let largestShare = 0.8
    private static let mostPassages = 60

    init(_ text: String, verdicts: [VerdictRecord]) {
        let bytes = Array(text.utf8)
        self.bytes = bytes
        let found = verdicts.flatMap { verdict in
            verdict.evidence.compactMap { evidence -> Passage? in
                guard let range = Self.range(of: Array(evidence.utf8), in: bytes),
                    Double(range.count) <= max(24, Self.largestShare * Double(bytes.count))
                else { return nil }
                return Passage(range: range, verdict: verdict)
            }
        }
        passages = Array(found.prefix(Self.mostPassages))
    }

    /// The text with its marks. Overlapping passages are cut into pieces that each name all their criteria.
    var markup: Markup {
        let ends = passages.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
        let cuts = Set([0, bytes.count] + ends).sorted()
        return .joined(zip(cuts, cuts.dropFirst()).map { piece($0..<$1) })
    }

    private func piece(_ range: Range<Int>) -> Markup {
        let text = Markup(String(decoding: bytes[range], as: UTF8.self))
        let deciding = passages.filter { $0.range.contains(range.lowerBound) }.map(\.verdict)
        guard !deciding.isEmpty else { return text }
        let tip = deciding.map { "\($0.id) \($0.title): \($0.reason)" }.joined(separator: "\n")
        let name = Self.tone(Set(deciding.map(Tone.init)))
        return .element("mark", ["class": name, "title": tip], [text] + labels(endingAt: range.upperBound))
    }

    /// What a passage says of its criterion.
    private enum Tone: String {
        /// It meets a statement that is credited.
        case good
        /// It meets a statement that names a fault.
        case bad
        /// It bears on a statement that is not met, for which weight is lost.
        case near
        /// It bears on a fault that is not there.
        case clear

        init(_ verdict: VerdictRecord) {
            switch (verdict.outcome == .met, verdict.credited ?? false) {
            case (true, true): self = .good
            case (true, false): self = .bad
            case (false, false): self = .near
            case (false, true): self = .clear
            }
        }
    }

    private static func tone(_ tones: Set<Tone>) -> String {
        if tones.isSuperset(of: [.good, .bad]) { return "mixed" }
        return ([Tone.bad, .good, .near].first(where: tones.contains) ?? .clear).rawValue
    }

    /// The identifiers of the criteria whose passage ends here.
    private func labels(endingAt end: Int) -> [Markup] {
        var ids: [String] = []
        for passage in passages where passage.range.upperBound == end {
            if !ids.contains(where: { $0.isExactly(passage.verdict.id) }) { ids.append(passage.verdict.id) }
        }
        return ids.isEmpty ? [] : [.element("sup", [:], Markup(ids.joined(separator: " ")))]
    }

    /// The place of a passage, by bytes, so that no equivalence of Unicode moves it.
    ///
    /// Of several places the first counts at which the passage does not begin or end within a word, else the first of
    /// all. A passage without a letter or digit is the end of a text more often than not: its last place counts.
    static func range(of passage: [UInt8], in text: [UInt8]) -> Range<Int>? {
        guard let first = passage.first, passage.count <= text.count else { return nil }
        let places = (0...(text.count - passage.count)).lazy
            .filter { text[$0] == first && text[$0..<($0 + passage.count)].elementsEqual(passage) }
        let end = { (start: Int) in start + passage.count }
        guard passage.contains(where: isWord) else { return places.last.map { $0..<end($0) } }
        let whole = places.first { !splitsWord(at: $0, in: text) && !splitsWord(at: end($0), in: text) }
        return (whole ?? places.first).map { $0..<end($0) }
    }

    /// Whether letters or digits stand on both sides of a place; bytes beyond ASCII count as letters.
    private static func splitsWord(at place: Int, in text: [UInt8]) -> Bool {
        guard place > 0, place < text.count else { return false }
        return isWord(text[place - 1]) && isWord(text[place])
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...: true
        default: false
        }
    }
}
