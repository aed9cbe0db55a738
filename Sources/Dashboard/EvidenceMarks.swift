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
        let credits = Set(deciding.map { $0.credited ?? false })
        let tone = credits.count > 1 ? "mixed" : credits.contains(true) ? "good" : "bad"
        let tip = deciding.map { "\($0.id) \($0.title): \($0.reason)" }.joined(separator: "\n")
        return .element("mark", ["class": tone, "title": tip], [text] + labels(endingAt: range.upperBound))
    }

    /// The identifiers of the criteria whose passage ends here.
    private func labels(endingAt end: Int) -> [Markup] {
        var ids: [String] = []
        for passage in passages where passage.range.upperBound == end {
            if !ids.contains(where: { $0.isExactly(passage.verdict.id) }) { ids.append(passage.verdict.id) }
        }
        return ids.isEmpty ? [] : [.element("sup", [:], Markup(ids.joined(separator: " ")))]
    }

    /// The first place of a passage, by bytes, so that no equivalence of Unicode moves it.
    static func range(of passage: [UInt8], in text: [UInt8]) -> Range<Int>? {
        guard let first = passage.first, passage.count <= text.count else { return nil }
        for start in 0...(text.count - passage.count) where text[start] == first {
            if text[start..<(start + passage.count)].elementsEqual(passage) { return start..<(start + passage.count) }
        }
        return nil
    }
}
