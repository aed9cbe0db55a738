// SPDX-License-Identifier: Apache-2.0

import ChatProviders
import Foundation
import Testing

@Suite("Addresses of models")
struct ChatEndpointTests {
    private let keys = ["OPENAI_API_KEY": "a", "ANTHROPIC_API_KEY": "b", "RUBRICS_JUDGE_API_KEY": "c"]

    @Test(
        "Providers and addresses are read, each with its own key",
        arguments: [
            ("openai:gpt-4o-mini", "openai", "gpt-4o-mini", "https://api.openai.com/v1", "a"),
            ("anthropic:claude", "anthropic", "claude", "https://api.anthropic.com/v1", "b"),
            ("http://localhost:8000/v1#Qwen/Qwen2.5", "localhost", "Qwen/Qwen2.5", "http://localhost:8000/v1", "c"),
        ]
    )
    func addresses(text: String, provider: String, model: String, url: String, key: String) throws {
        let endpoint = try ChatEndpoint(text) { keys[$0] }
        #expect(endpoint.provider == provider && endpoint.model == model)
        #expect(endpoint.baseURL.absoluteString == url)
        #expect(endpoint.key == Secret(key))
    }

    @Test("A server of one's own needs no key")
    func keyless() throws {
        #expect(try ChatEndpoint("http://localhost:8000/v1#m") { _ in nil }.key == nil)
    }

    @Test(
        "What is missing is named with the way out",
        arguments: [
            ("openai:gpt-4o-mini", "OPENAI_API_KEY"), ("anthropic:claude", "ANTHROPIC_API_KEY"),
            ("gpt-4o-mini", "openai:MODEL"), ("http://localhost:8000/v1#", "no model"), ("ftp://x#m", "http"),
            ("openai:", "openai:MODEL"),
        ]
    )
    func wrong(text: String, expected: String) {
        let error = #expect(throws: ChatEndpointError.self) { _ = try ChatEndpoint(text) { _ in nil } }
        #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "none")")
    }

    @Test("No description of an endpoint shows its key")
    func secrecy() throws {
        let endpoint = try ChatEndpoint("openai:m") { _ in "planted-key" }
        var dumped = ""
        dump(endpoint, to: &dumped)
        for text in ["\(endpoint)", String(reflecting: endpoint), dumped] {
            #expect(!text.contains("planted-key"))
        }
    }
}
