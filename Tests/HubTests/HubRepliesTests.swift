// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Rubrics
import TestSupport
import Testing

/// What the hub says besides files.
@Suite("The hub's replies", .timeLimit(.minutes(5)))
struct HubRepliesTests {
    private static let token = "hf_planted0token0that0nobody0may0see"

    private func repository(_ access: LoopbackHub.Access = .open) -> LoopbackHub.Repository {
        let large = LoopbackHub.File(LoopbackHub.Repository.noise(5000), isLarge: true)
        return .init(
            "datasets",
            "org/rows",
            files: ["README.md": .init("# Rows".utf8), "data/train-0 of 1.parquet": large],
            access: access
        )
    }

    private func error(_ account: HubAccount, _ repository: HubRepository = .rows) async -> HubError? {
        await #expect(throws: HubError.self) { try await account.fetch(of: repository) }
    }

    @Test("Lists are read over pages")
    func pages() async throws {
        var many = repository()
        for number in 0..<23 { many.files["data/\(number).json"] = .init("{}".utf8) }
        let server = try LoopbackHub([many])
        server.paginate(by: 7)
        let snapshot = try await HubAccount(server).using { try await $0.snapshot(of: .rows) }
        #expect(snapshot.files.count == 25 && snapshot.commit == many.commit)
        #expect(snapshot.files.map(\.path) == many.files.keys.sorted())
        #expect(server.log.filter { $0.request.target.contains("/tree/") }.count == 4)
    }

    @Test("The token goes to the hub and to nobody else, and is kept nowhere")
    func token() async throws {
        for access in [LoopbackHub.Access.token(Self.token), .gated(Self.token)] {
            let account = try HubAccount(LoopbackHub([repository(access)]), token: Self.token)
            try await account.fetch(of: .rows)
            let (stored, own) = (account.server.log.filter(\.isStorage), account.server.log.filter { !$0.isStorage })
            #expect(stored.count == 1 && stored.allSatisfy { $0.request.headers["authorization"] == nil })
            #expect(own.allSatisfy { $0.request.headers["authorization"] == "Bearer \(Self.token)" })
            #expect(try account.files(holding: Self.token).isEmpty)
        }
    }

    @Test("Refusals say what to do, and never show the token")
    func refusals() async throws {
        let cases: [(LoopbackHub.Access, String?, HubError.Code, String)] = [
            (.gated("other"), nil, .gated, "then set HF_TOKEN"),
            (.gated("other"), Self.token, .gated, "accept its terms at http://127.0.0.1"),
            (.token("other"), nil, .unauthorized, "does not exist or is private"),
            (.token("other"), Self.token, .unauthorized, "does not accept HF_TOKEN"),
            (.forbidden, Self.token, .unauthorized, "may not read"),
        ]
        for (access, token, code, text) in cases {
            let found = await error(try HubAccount(LoopbackHub([repository(access)]), token: token))
            #expect(found?.code == code, "\(access)")
            #expect(found?.message.contains(text) == true, "\(found?.message ?? "")")
            #expect(found?.message.contains(Self.token) == false)
        }
    }

    @Test("What is not there is named")
    func absences() async throws {
        let account = try HubAccount(LoopbackHub([repository()]))
        let other = await error(account, HubRepository(.datasets, HubAddress(repository: "org/other")))
        #expect(other?.code == .notFound && other?.message.contains("no data set hf:org/other") == true)
        let revision = HubAddress(repository: "org/rows", revision: "v9/x")
        let found = await error(account, HubRepository(.datasets, revision))
        #expect(found?.code == .notFound && found?.message.contains("has no revision v9/x") == true)
        #expect(account.server.log.last?.request.target == "/api/datasets/org/rows/revision/v9%2Fx")
    }

    @Test("429 and 5xx are tried again, as long as they ask for")
    func retries() async throws {
        let account = try HubAccount(LoopbackHub([repository()]))
        account.server.fail("revision/main", .status(429, [("retry-after", "0")]), .status(503))
        account.server.fail("README.md", .status(500), .status(502))
        account.server.fail("storage", .status(503))
        try await account.fetch(of: .rows)
        #expect(account.server.log.map(\.status).filter { $0 >= 400 } == [429, 503, 500, 502, 503])
    }

    @Test("A wait that is too long is told at once")
    func longWait() async throws {
        let account = try HubAccount(LoopbackHub([repository()]))
        account.server.fail("revision/main", .status(429, [("retry-after", "4000")]))
        let found = await error(account)
        #expect(found?.code == .rateLimited && found?.message.contains("4000 s") == true)
        #expect(account.server.log.count == 1)
    }

    @Test(
        "A file name that leads out of its folder is refused",
        arguments: ["../evil", "a/../../evil", "/evil", "a//b"]
    )
    func unsafeNames(name: String) async throws {
        var evil = repository()
        evil.files[name] = .init("x".utf8)
        let account = try HubAccount(LoopbackHub([evil]))
        let found = await error(account)
        #expect(found?.code == .unsafePath)
        #expect(account.server.contentRequests.isEmpty)
    }

    @Test("What was fetched is used when the hub cannot be reached, and what was not is named")
    func offline() async throws {
        let account = try HubAccount(LoopbackHub([repository()]))
        let url = try await account.fetch(["README.md"], of: .rows)
        account.server.stop()
        let snapshot = try await account.using { try await $0.snapshot(of: .rows) }
        #expect(snapshot.note?.contains("from the cache is used") == true)
        #expect(try await account.fetch(["README.md"], of: .rows) == url)
        let found = await error(account)
        #expect(found?.code == .notCached && found?.message.contains("data/train-0 of 1.parquet") == true)
        let other = await error(account, .model)
        #expect(other?.code == .unreachable)
        let pinned = HubRepository(.datasets, snapshot.pinnedAddress)
        #expect(try await account.using { try await $0.snapshot(of: pinned) }.note == nil)
    }

    @Test("A revision that moved is fetched anew beside the old one")
    func movedRevision() async throws {
        let account = try HubAccount(LoopbackHub([repository()]))
        let first = try await account.fetch(["README.md"], of: .rows)
        var next = repository()
        next.commit = String(repeating: "d", count: 40)
        next.files["README.md"] = .init("# More rows".utf8)
        account.server.publish([next])
        let second = try await account.fetch(["README.md"], of: .rows)
        #expect(first != second)
        #expect(try String(contentsOf: second.appendingPathComponent("README.md"), encoding: .utf8) == "# More rows")
        #expect(try String(contentsOf: first.appendingPathComponent("README.md"), encoding: .utf8) == "# Rows")
    }
}
