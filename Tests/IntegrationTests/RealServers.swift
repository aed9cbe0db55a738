// SPDX-License-Identifier: Apache-2.0

import Testing

/// Judging at servers that others wrote. One test at a time: each has the whole machine.
@Suite("Real servers", .serialized)
struct RealServers {
    @Test("The tests make at most 200 calls, since the servers are slow")
    func rations() {
        #expect(LlamaServerTests.ration + TransformersServerTests.ration <= 200)
    }
}
