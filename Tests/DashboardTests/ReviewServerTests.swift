// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Rubrics
import Synthesis
import TestSupport
import Testing

@testable import Dashboard

@Suite("The review's page", .timeLimit(.minutes(2)))
struct ReviewServerTests {
    private static let token = "0123456789abcdef0123456789abcdef"
    private static let hostile = "</textarea><script>alert(1)</script>\" onload=\"x\u{338}<\u{338}b>\u{202E}\u{7}"

    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        let criterion: JSONValue = [
            "title": .string(Self.hostile), "description": .string(Self.hostile), "importance": "essential",
        ]
        let pitfall: JSONValue = ["title": "t", "description": "d", "importance": "pitfall"]
        let row: JSONValue = [
            "id": .string(Self.hostile), "prompt": .string(Self.hostile), "criteria": [criterion, pitfall],
        ]
        path = try folder.write("rows.jsonl", row)
    }

    private func application() throws -> some ApplicationProtocol {
        let review = try RubricReview(path, log: ReviewLog.url(for: path), reviewer: "ada") {
            Date(timeIntervalSince1970: 0)
        }
        let export = folder.url.appendingPathComponent("out.jsonl")
        return try ReviewServer(review, token: Self.token, export: export).application(port: 0)
    }

    private var hash: String {
        get throws {
            try RubricFile.tasks(in: String(contentsOfFile: path, encoding: .utf8), file: path)[0].contentHash
        }
    }

    private static func headers(host: String = "localhost") -> HTTPFields {
        [.origin: "http://\(host)", .contentType: "application/x-www-form-urlencoded"]
    }

    private func decision(_ fields: String) throws -> ByteBuffer {
        ByteBuffer(string: "rubric=\(try hash)&\(fields)")
    }

    @Test("The page shows hostile text as text, and brings its headers")
    func page() async throws {
        try await application().test(.router) { client in
            try await client.execute(uri: "/\(Self.token)/rows/1", method: .get) { response in
                #expect(response.status == .ok)
                let html = String(buffer: response.body)
                #expect(!html.contains("<script>alert") && !html.contains("\" onload=\"x"))
                #expect(html.components(separatedBy: "<script").count == 2)
                #expect(html.components(separatedBy: "</textarea>").count == 3)
                #expect(html.contains("(U+202E)(U+7)"))
                #expect(
                    response.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; script-src 'self'") == true
                )
                #expect(response.headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test(
        "Who has no token, another token or asks for what is not there gets nothing",
        arguments: [
            "/", "/rows/1", "/\(token.dropLast())0/rows/1", "/\(token)0/rows/1", "/\(token)/rows/2", "/\(token)/rows/0",
            "/\(token)/rows/x", "/\(token)/rows/99999999999999999999", "/\(token)/review.xss", "/favicon.ico",
        ]
    )
    func refused(uri: String) async throws {
        try await application().test(.router) { client in
            try await client.execute(uri: uri, method: .get) { response in
                #expect(response.status == .notFound)
                #expect(response.headers[.contentSecurityPolicy] != nil)
            }
        }
    }

    @Test("Another origin decides nothing, nor does none", arguments: ["http://evil.example", "null", nil])
    func origins(origin: String?) async throws {
        try await application().test(.router) { client in
            var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            headers[.origin] = origin
            let uri = "/\(Self.token)/rows/1/decision"
            let response = try await client.execute(
                uri: uri,
                method: .post,
                headers: headers,
                body: decision("action=rejected")
            )
            #expect(response.status == .forbidden)
            #expect(!FileManager.default.fileExists(atPath: path + ".review.jsonl"))
        }
    }

    @Test(
        "Decisions that make no sense are refused and not kept",
        arguments: [
            ("action=undone", 400), ("action=accepted", 409),
            ("action=accepted&criterion=7", 400), ("action=accepted&criterion=-1", 400),
            ("action=accepted&criterion=1", 409), ("criterion=0", 400), ("action=edited&criterion=0", 400),
            ("action=edited&criterion=0&description=%20&importance=&weight=1&polarity=positive", 400),
            ("action=edited&criterion=0&description=d&importance=&weight=&polarity=positive", 400),
            ("action=edited&criterion=0&description=d&importance=&weight=nan&polarity=positive", 400),
        ]
    )
    func nonsense(fields: String, status: Int) async throws {
        try await application().test(.router) { client in
            let uri = "/\(Self.token)/rows/1/decision"
            let body = try decision(fields)
            let response = try await client.execute(uri: uri, method: .post, headers: Self.headers(), body: body)
            #expect(response.status.code == status, "\(String(buffer: response.body))")
            #expect(!FileManager.default.fileExists(atPath: path + ".review.jsonl"))
        }
    }

    @Test("A body beyond the limit and a row that has changed are refused")
    func bounds() async throws {
        try await application().test(.router) { client in
            let uri = "/\(Self.token)/rows/1/decision"
            let long = ByteBuffer(string: String(repeating: "x", count: 300_000))
            let large = try await client.execute(uri: uri, method: .post, headers: Self.headers(), body: long)
            #expect(large.status == .contentTooLarge)
            let old = ByteBuffer(string: "rubric=abc&action=rejected")
            let stale = try await client.execute(uri: uri, method: .post, headers: Self.headers(), body: old)
            #expect(stale.status == .conflict)
        }
    }

    @Test("Over a socket: decide, edit, undo, export; what was answered is on disk")
    func live() async throws {
        try await application().test(.live) { client in
            let headers = Self.headers(host: "localhost")
            let uri = "/\(Self.token)/rows/1/decision?filter=unreviewed"
            let edit =
                "action=edited&criterion=0&title=%C3%A9&description=a%0D%0Ab&importance=&weight=2&polarity=negative"
            for fields in ["action=negative&criterion=1", edit, "action=rejected&criterion=0"] {
                let body = try decision(fields)
                let response = try await client.execute(uri: uri, method: .post, headers: headers, body: body)
                #expect(response.status == .seeOther, "\(String(buffer: response.body))")
                #expect(response.headers[.location]?.hasPrefix("/\(Self.token)/rows/1?filter=unreviewed") == true)
            }
            #expect(try ReviewLog(ReviewLog.url(for: path)).decisions.count == 3)
            let undo = "/\(Self.token)/undo"
            _ = try await client.execute(uri: undo, method: .post, headers: headers, body: ByteBuffer(string: "row=1"))
            #expect(try ReviewLog(ReviewLog.url(for: path)).decisions.count == 2)
            let export = "/\(Self.token)/export"
            let body = ByteBuffer(string: "row=1")
            let done = try await client.execute(uri: export, method: .post, headers: headers, body: body)
            #expect(String(buffer: done.body).contains("1 row written, 1 with decisions"))
        }
        let text = try String(contentsOf: folder.url.appendingPathComponent("out.jsonl"), encoding: .utf8)
        let task = try RubricFile.tasks(in: text, file: "out.jsonl")[0]
        #expect(task.criteria.map(\.description) == ["a\nb", "d"])
        #expect(task.criteria.map(\.polarity) == [.negative, .negative] && task.criteria[0].weight == 2)
    }

    @Test(
        "Only this machine's own names are served",
        arguments: [
            ("127.0.0.1:8080", true), ("localhost", true), ("localhost:1", true), ("evil.example", false), ("", false),
            ("127.0.0.1.evil.example", false), ("localhost:1:2", false), ("localhost:x", false), ("LOCALHOST.", false),
        ]
    )
    func hosts(authority: String, isServed: Bool) {
        #expect(ReviewGate<BasicRequestContext>.isLoopback(authority) == isServed)
    }

    @Test("A page on statistics shows hostile names as text and needs nothing else")
    func statistics() throws {
        var statistics = RubricStatistics()
        statistics.add(try RubricFile.tasks(in: String(contentsOfFile: path, encoding: .utf8), file: path)[0])
        var task = try RubricFile.tasks(in: String(contentsOfFile: path, encoding: .utf8), file: path)[0]
        task.domain = "<img src=x>"
        statistics.add(task)
        let html = try StatisticsReport(statistics, name: "<b>").html()
        #expect(!html.contains("<img") && !html.contains("<b>&lt;b&gt;") && html.contains("&lt;img src=x&gt;"))
        #expect(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"))
    }
}
