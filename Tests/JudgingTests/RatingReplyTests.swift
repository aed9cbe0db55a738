// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Rubrics
import Testing

@testable import Judging

@Suite("Ratings in replies")
struct RatingReplyTests {
    private func rating(_ value: String, byLetter: Bool = false) -> Result<Int, ReplyFault> {
        let reply = ChatReply(text: #"{"reason": "so", "rating": \#(value)}"#)
        do throws(ReplyFault) {
            return .success(try RatingReply.rating(in: reply, byLetter: byLetter, thinking: .standard).0)
        } catch { return .failure(error) }
    }

    @Test("Whole numbers from 1 to 10 are ratings, also in quotes or with a zero fraction", arguments: 1...10)
    func numbers(number: Int) throws {
        for text in ["\(number)", "\(number).0", "\"\(number)\""] {
            #expect(try rating(text).get() == number)
        }
    }

    @Test(
        "Nothing else is",
        arguments: [
            "0", "11", "-1", "7.5", "\"7.5\"", "\"seven\"", "null", "NaN", "true", "[7]", "\"7/10\"", "\"\"", "1e300",
            "\"G\"", "{}",
        ]
    )
    func wrong(value: String) {
        let fault = #expect(throws: ReplyFault.self) { _ = try rating(value).get() }
        #expect(fault?.complaint.contains("no whole number from 1 to 10") == true)
    }

    @Test("A rating that is missing or stands twice is none")
    func missing() {
        for text in [#"{"reason": "so"}"#, #"{"rating": 7, "rating": 7}"#, #"{"Rating": 7}"#] {
            #expect(throws: ReplyFault.self) {
                _ = try RatingReply.rating(in: ChatReply(text: text), byLetter: false, thinking: .standard)
            }
        }
    }

    @Test("Letters stand for ratings where they are asked for", arguments: zip("ABCDEFGHIJ", 1...10))
    func letters(letter: Character, number: Int) throws {
        #expect(try rating("\"\(letter)\"", byLetter: true).get() == number)
    }

    @Test(
        "Other letters and numbers are none then",
        arguments: ["\"K\"", "\"a\"", "7", "\"7\"", "\"AB\"", "\"A\u{301}\""]
    )
    func wrongLetters(value: String) {
        let fault = #expect(throws: ReplyFault.self) { _ = try rating(value, byLetter: true).get() }
        #expect(fault?.complaint.contains("none of the letters A to J") == true)
    }

    @Test("A complaint shows no more than the start of a long value")
    func long() {
        let fault = #expect(throws: ReplyFault.self) {
            _ = try rating("\"\(String(repeating: "e\u{301}", count: 5_000))\"").get()
        }
        #expect((fault?.complaint.utf8.count ?? 0) < 300)
    }

    @Test("A cut reply says that it was cut")
    func cut() {
        let reply = ChatReply(text: #"{"reason": "it goes on"#, stopReason: .maxTokens)
        let fault = #expect(throws: ReplyFault.self) {
            _ = try RatingReply.rating(in: reply, byLetter: false, thinking: .standard)
        }
        #expect(fault?.kind == .cut)
    }

    // MARK: Comparisons and rankings

    @Test("A comparison names A, B or neither", arguments: ["A", "B", "tie"])
    func comparison(better: String) throws {
        let reply = ChatReply(text: #"{"reason": "so", "better": "\#(better)"}"#)
        #expect(try RatingReply.comparison(in: reply, thinking: .standard) == (better, "so"))
    }

    @Test("Anything else is no comparison", arguments: ["\"a\"", "\"C\"", "\"both\"", "1", "null", "\"Tie\""])
    func wrongComparison(value: String) {
        let reply = ChatReply(text: #"{"reason": "so", "better": \#(value)}"#)
        #expect(throws: ReplyFault.self) { _ = try RatingReply.comparison(in: reply, thinking: .standard) }
    }

    private func ranks(_ list: String) -> [String: Int]? {
        let reply = ChatReply(text: #"{"reason": "so", "ranking": \#(list)}"#)
        return try? RatingReply.ranking(in: reply, labels: ["r1", "r2", "r3"], thinking: .standard).ranks
    }

    @Test("A ranking gives each label the rank of its place")
    func ranking() {
        #expect(ranks(#"["r3", "r1", "r2"]"#) == ["r3": 1, "r1": 2, "r2": 3])
    }

    @Test(
        "A ranking that misses a label, repeats one or holds something else is none",
        arguments: [
            #"["r3", "r1"]"#, #"["r3", "r1", "r1"]"#, #"["r1", "r2", "r3", "r1"]"#, #"["r1", "r2", "r4"]"#,
            #"["r1", "r2", "r3", "r4"]"#, #"["r1", 5, "r2", "r3"]"#, #"[1, 2, 3]"#, "[]", "null", #""r1 > r2 > r3""#,
        ]
    )
    func wrongRanking(list: String) {
        #expect(ranks(list) == nil)
    }
}
