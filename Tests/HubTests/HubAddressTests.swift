// SPDX-License-Identifier: Apache-2.0

import Hub
import Testing

@Suite("Addresses on the hub")
struct HubAddressTests {
    @Test("A repository, with or without a revision")
    func addresses() throws {
        #expect(try HubAddress("hf:ScaleAI/RaR-Medicine") == HubAddress(repository: "ScaleAI/RaR-Medicine"))
        #expect(try HubAddress("hf:a_b/c.d@v1/x") == HubAddress(repository: "a_b/c.d", revision: "v1/x"))
        #expect(try HubAddress("hf:a/b@main")?.description == "hf:a/b")
        #expect(try HubAddress("hf:a/b@v1")?.description == "hf:a/b@v1")
    }

    @Test("Anything else is left alone", arguments: ["", "runs/demo", "HF:a/b", "local:hf:a/b"])
    func others(text: String) throws {
        #expect(try HubAddress(text) == nil)
    }

    @Test(
        "What begins like one and is none is refused",
        arguments: [
            "hf:", "hf:a", "hf:a/b/c", "hf:../b", "hf:a/..", "hf:a/b@", "hf:a/b@../c", "hf:a b/c", "hf:a/b\u{338}",
        ]
    )
    func refused(text: String) {
        #expect(throws: HubError.self) { try HubAddress(text) }
    }
}
