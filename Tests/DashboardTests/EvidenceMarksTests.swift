// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs
import Testing

@testable import Dashboard

struct EvidenceMarksTests {
    private func verdict(
        _ id: String,
        _ evidence: [String],
        _ outcome: Verdict.Outcome = .met,
        credited: Bool? = true
    ) -> VerdictRecord {
        let criterion = Criterion(id: id, title: "T\(id)", description: "d", weight: 1)
        let verdict = Verdict(criterion: id, outcome: outcome, reason: "r", evidence: evidence, judge: "checks")
        return VerdictRecord(
            criterion: criterion,
            verdict: verdict,
            credit: Credit(criterion: id, weight: 1, credited: credited)
        )
    }

    private func marked(_ text: String, _ verdicts: VerdictRecord...) -> String {
        EvidenceMarks(text, verdicts: verdicts).markup.html
    }

    private let rest = ", which is why one should rather not hurry with any of it at all."

    @Test("A passage is marked and names its criterion")
    func marksPassage() {
        let html = marked("Give water" + rest, verdict("c1", ["water"]))
        #expect(html == "Give <mark class=\"good\" title=\"c1 Tc1: r\">water<sup>c1</sup></mark>" + rest)
    }

    @Test("Overlapping passages are cut into pieces that name all their criteria")
    func cutsOverlaps() {
        let html = marked("abcdef" + rest, verdict("c1", ["abcd"]), verdict("c2", ["cdef"], credited: false))
        #expect(
            html == "<mark class=\"good\" title=\"c1 Tc1: r\">ab</mark>"
                + "<mark class=\"mixed\" title=\"c1 Tc1: r\nc2 Tc2: r\">cd<sup>c1</sup></mark>"
                + "<mark class=\"bad\" title=\"c2 Tc2: r\">ef<sup>c2</sup></mark>" + rest
        )
    }

    @Test(
        "A passage's tone says what it did",
        arguments: [
            (Verdict.Outcome.met, true, "good"), (.met, false, "bad"), (.unmet, false, "near"), (.unmet, true, "clear"),
        ]
    )
    func tones(outcome: Verdict.Outcome, credited: Bool, tone: String) {
        #expect(
            marked("Give water" + rest, verdict("c1", ["water"], outcome, credited: credited)).contains("\"\(tone)\"")
        )
    }

    @Test("A passage is marked where it is a word, and within a word only when it is nowhere else")
    func prefersWords() {
        #expect(marked("with it" + rest, verdict("c1", ["it"])).hasPrefix("with <mark"))
        #expect(marked("with" + rest, verdict("c1", ["th"])).hasPrefix("wi<mark"))
        #expect(marked("é it it", verdict("c1", ["it"])).hasPrefix("é <mark"))
        #expect(marked("One. Two, three. Four", verdict("c1", ["."])).hasPrefix("One. Two, three<mark"))
    }

    @Test("What is not in the text, empty, or nearly all of it is not marked")
    func leavesOut() {
        let text = "Give water" + rest
        #expect(marked(text, verdict("c1", ["", "milk", text])) == text)
    }

    @Test(
        "Passages are found by bytes: canonically equivalent text is other text, and what overlaps a scalar is not found"
    )
    func findsByBytes() {
        #expect(!marked("\u{120}" + rest, verdict("c1", ["G\u{307}"])).contains("<mark"))
        #expect(
            marked("x\r\ny" + rest, verdict("c1", ["\ny"])).contains("<mark class=\"good\" title=\"c1 Tc1: r\">\ny")
        )
    }

    @Test("Hostile text and evidence stay text")
    func escapes() {
        let html = marked("<script>\"'&" + rest, verdict("<c1>", ["<script>"]))
        #expect(html.contains("&lt;script&gt;<sup>&lt;c1&gt;</sup></mark>&quot;&#39;&amp;"))
        #expect(!html.contains("<script"))
    }

    @Test("The marked text without its marks is the text", arguments: 0..<200)
    func keepsText(seed: UInt64) {
        var generator = TestGenerator(seed: seed)
        let letters = Array("ab é\u{301}<&\"\n字😀".unicodeScalars)
        let text = generator.text(of: letters, count: 60)
        let bytes = Array(text.unicodeScalars)
        let verdicts = (0..<4).map { index -> VerdictRecord in
            let start = Int(generator.next() * 50)
            let end = min(bytes.count, start + Int(generator.next() * 12))
            return verdict(
                "c\(index)",
                [String(String.UnicodeScalarView(bytes[start..<end]))],
                credited: index % 2 == 0
            )
        }
        let html = EvidenceMarks(text, verdicts: verdicts).markup.html
        let marks = #/<sup>[^<]*<\/sup>|<[^>]*>/#.matchingSemantics(.unicodeScalar)
        #expect(html.replacing(marks, with: "").unicodeScalars.elementsEqual(Markup(text).html.unicodeScalars))
    }
}
