// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@testable import Judging

/// Reasons are limited so that a reply whose reason goes on to its limit still holds its verdict.
@Suite("Reply schemas")
struct ReplySchemaTests {
    @Test(
        "A reason's limit follows from the tokens that are left for it",
        arguments: [
            // Three characters a token: 3 · (1024 / labels − 24), from 40 to 1,200.
            (1, 1024, 1200), (2, 1024, 1200), (5, 1024, 540), (10, 1024, 234), (40, 1024, 40),
            (1, 200, 528), (2, 200, 228), (4, 200, 78), (1, 20, 40), (1, 8192, 1200),
        ]
    )
    func criteria(labels: Int, maxTokens: Int, expected: Int) {
        let schema = ReplySchema.criteria((1...labels).map { "c\($0)" }, maxTokens: maxTokens)
        #expect(Self.limits(schema) == [Int](repeating: expected, count: labels))
    }

    @Test("Ratings and comparisons have room for one reason, rankings for their labels too")
    func others() {
        #expect(Self.limits(ReplySchema.rating(byLetter: false, maxTokens: 200)) == [528])
        #expect(Self.limits(ReplySchema.rating(byLetter: true, maxTokens: 200)) == [528])
        #expect(Self.limits(ReplySchema.comparison(maxTokens: 200)) == [528])
        #expect(Self.limits(ReplySchema.ranking(["r1", "r2", "r3", "r4"], maxTokens: 200)) == [468])
    }

    /// The limits of all texts of a schema, in order.
    private static func limits(_ schema: JSONValue) -> [Int] {
        if let limit = schema["maxLength"]?.int { return [limit] }
        return (schema["properties"]?.object?.members ?? []).flatMap { limits($0.value) }
    }
}
