// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ChatProviders

@Suite("Proxies")
struct HTTPProxyTests {
    private func proxy(_ address: String, _ variables: [String: String]) throws -> HTTPProxy? {
        HTTPProxy(for: try #require(URL(string: address))) { variables[$0] }
    }

    @Test(
        "Each kind of address has its variable, in small letters or capitals",
        arguments: [
            ("https://api.openai.com/v1", ["https_proxy": "http://p:3128"], "p:3128"),
            ("https://api.openai.com/v1", ["HTTPS_PROXY": "http://p:3128"], "p:3128"),
            ("https://a.b", ["https_proxy": "http://small:1", "HTTPS_PROXY": "http://capital:2"], "small:1"),
            ("https://a.b", ["http_proxy": "http://p:1"], nil),
            ("http://a.b", ["http_proxy": "http://p:1"], "p:1"),
            ("http://a.b", ["HTTP_PROXY": "http://p:1"], nil),
            ("http://a.b", ["https_proxy": "http://p:1"], nil),
            ("http://a.b", ["all_proxy": "http://p:1"], "p:1"),
            ("https://a.b", ["ALL_PROXY": "http://all:1", "https_proxy": "http://p:2"], "p:2"),
            ("https://a.b", ["https_proxy": "", "all_proxy": "http://all:1"], "all:1"),
            ("https://a.b", [:], nil),
        ] as [(String, [String: String], String?)]
    )
    func variables(address: String, variables: [String: String], expected: String?) throws {
        #expect(try proxy(address, variables).map { "\($0.host):\($0.port)" } == expected)
    }

    @Test(
        "Hosts that are excluded and this machine itself have no proxy",
        arguments: [
            ("https://a.b", "a.b", false), ("https://x.a.b", "a.b", false), ("https://x.a.b", ".a.b", false),
            ("https://xa.b", "a.b", true), ("https://A.B", "a.b", false), ("https://a.b", "A.B", false),
            ("https://a.b", "*", false), ("https://a.b", "c.d, a.b", false), ("https://a.b", "c.d a.b,", false),
            ("https://a.b", "", true), ("https://a.b", ",", true), ("https://localhost:8000", "", false),
            ("https://127.0.0.1", "", false), ("https://[::1]:8000", "", false),
            ("https://10.0.0.1", "10.0.0.1", false),
            ("https://128.0.0.1", "", true),
        ]
    )
    func exclusions(address: String, excluded: String, hasProxy: Bool) throws {
        for name in ["no_proxy", "NO_PROXY"] {
            let found = try proxy(address, ["https_proxy": "http://p:1", name: excluded])
            #expect((found != nil) == hasProxy)
        }
    }

    @Test(
        "Addresses of proxies are read with their scheme's port, or without a scheme",
        arguments: [
            ("http://p", "p", 80, false), ("https://p", "p", 443, false), ("p:3128", "p", 3128, false),
            ("p", "p", 80, false), ("http://[::2]:99", "::2", 99, false), ("socks5://p", "p", 1080, true),
            ("socks5h://p:9", "p", 9, true),
        ]
    )
    func addresses(text: String, host: String, port: Int, isSocks: Bool) throws {
        let found = try proxy("https://a.b", ["https_proxy": text])
        #expect(found?.host == host && found?.port == port && found?.isSocks == isSocks)
    }

    @Test("What is no address names no proxy", arguments: ["http://", "://", "http://p:port"])
    func wrong(text: String) throws {
        #expect(try proxy("https://a.b", ["https_proxy": text]) == nil)
    }

    @Test(
        "Credentials are read, decoded, and shown by no description",
        arguments: [
            ("http://user:planted@p:1", "user:planted"), ("http://us%40er:pl%2Fanted@p", "us@er:pl/anted"),
            ("http://user@p", "user:"),
        ]
    )
    func credentials(text: String, expected: String) throws {
        let found = try #require(try proxy("https://a.b", ["https_proxy": text]))
        #expect(found.credentials?.reveal() == expected)
        var dumped = ""
        dump(found, to: &dumped)
        #expect(!"\(found)\(dumped)".contains("planted") && !"\(found)\(dumped)".contains("user"))
    }
}
