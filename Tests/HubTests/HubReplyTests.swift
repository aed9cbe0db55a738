// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1
import Testing

@testable import Hub

/// What is read off headers and addresses.
@Suite("Headers and addresses of the hub")
struct HubReplyTests {
    @Test(
        "The wait that the hub asks for",
        arguments: [
            (["retry-after": "7"], 7), (["retry-after": "0"], 0), (["ratelimit": "\"api\";r=0;t=55"], 55),
            (["retry-after": "3", "ratelimit": "\"api\";r=0;t=55"], 3), (["retry-after": "soon"], nil), ([:], nil),
            (["retry-after": "-1"], nil),
        ] as [([String: String], Int?)]
    )
    func waits(headers: [String: String], seconds: Int?) {
        let found = HubReply.retryAfter(HTTPHeaders(headers.map { ($0, $1) }))
        #expect(found == seconds.map { .seconds($0) })
    }

    @Test("Entity tags without their quotes", arguments: [("\"a\"", "a"), ("W/\"a\"", "a"), ("a", "a"), ("\"", "\"")])
    func tags(tag: String, bare: String) {
        #expect(HubReply.bareTag(tag) == bare)
    }

    @Test(
        "The token's host is scheme, name and port together",
        arguments: [
            ("https://hub.co/a", true), ("https://HUB.co:443", true), ("http://hub.co", false),
            ("https://hub.co:444", false), ("https://hub.co.evil.org", false), ("https://cdn.hub.co", false),
        ]
    )
    func origins(text: String, isSame: Bool) throws {
        let hub = try #require(URL(string: "https://hub.co"))
        #expect(try HubReply.isSameOrigin(#require(URL(string: text)), hub) == isSame)
    }

    @Test("Paths are escaped byte by byte")
    func escapes() {
        #expect(HubPath.encoded("refs/pr/1") == "refs%2Fpr%2F1")
        #expect(HubPath.encoded("a b/ü?.txt", keeping: [0x2F]) == "a%20b/%C3%BC%3F.txt")
    }

    @Test(
        "Names that leave their folder, or cannot be one, are unsafe",
        arguments: [
            ("a/b.json", true), ("..a/b..", true), ("a/.hidden", true), ("", false), ("a/", false), ("/a", false),
            ("..", false), ("a/../b", false), ("./a", false), ("a\\b", false), ("a\u{0}b", false), ("a\nb", false),
            (String(repeating: "a", count: 256), false),
        ]
    )
    func names(path: String, isSafe: Bool) {
        #expect(HubPath.isSafe(path) == isSafe)
    }

    @Test("Waits double up to a limit, and end with the attempts")
    func delays() {
        let retry = HubRetry(attempts: 5, firstDelay: .seconds(1), longestDelay: .seconds(3))
        let error = HubError(.serverError, "")
        #expect(
            (1...5).map { retry.delay(after: error, failures: $0) } == [
                .seconds(1), .seconds(2), .seconds(3), .seconds(3), nil,
            ]
        )
        #expect(retry.delay(after: HubError(.gated, ""), failures: 1) == nil)
        #expect(retry.delay(after: HubError(.rateLimited, "", retryAfter: .seconds(9)), failures: 1) == .seconds(9))
        #expect(retry.delay(after: HubError(.rateLimited, "", retryAfter: .seconds(121)), failures: 1) == nil)
    }
}
