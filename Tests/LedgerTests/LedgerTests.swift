// SPDX-License-Identifier: Apache-2.0

import Ledger
import Testing

@Suite("Ledger")
struct LedgerTests {
    @Test("An error names its file")
    func errorNamesFile() {
        #expect("\(LedgerError(path: "a", message: "b"))" == "a: b")
    }
}
