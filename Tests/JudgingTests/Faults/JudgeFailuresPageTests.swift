// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Testing

@Suite("Docs on judge failures")
struct JudgeFailuresPageTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(components: "..", "..", "..", "Docs", "judge-failures.md").standardized

    @Test("The page's table has every fault with its cause and remedy, in order")
    func table() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let rows = page.split(separator: "\n").drop { !$0.hasPrefix("| fault |") }.dropFirst(2)
        let cells = rows.prefix { $0.hasPrefix("|") }.map { row in
            row.split(separator: "|").prefix(4).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(cells == FaultCase.all.map(\.documented))
    }
}

extension FaultCase {
    /// Name, cause, what is tried again, reward.
    fileprivate var documented: [String] {
        let again =
            switch remedy {
            case .retry: "until the attempts are used up"
            case .repair: "once, with the complaint"
            case .none: "no"
            }
        return [name, cause.map { "`\($0.rawValue)`" } ?? "none", again, cause == nil ? "as without it" : "unscored"]
    }
}
