// SPDX-License-Identifier: Apache-2.0

import JudgeServer
import NIOCore
import NIOPosix
import Rubrics
import Testing

/// Sends bytes and collects what comes back until the server closes.
private final class RawClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var received = ByteBuffer()
    private let whole: EventLoopPromise<String>

    init(_ whole: EventLoopPromise<String>) {
        self.whole = whole
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        received.writeBuffer(&part)
    }

    func channelInactive(context: ChannelHandlerContext) {
        whole.succeed(String(buffer: received))
    }

    static func send(_ text: String, to port: Int) async throws -> String {
        let group = MultiThreadedEventLoopGroup.singleton
        let whole = group.next().makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RawClient(whole))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
        return try await whole.futureResult.get()
    }
}

/// What stands in the bytes of a connection.
@Suite("Judge server on the wire", .timeLimit(.minutes(10)))
struct ServerProtocolTests {
    private static let body = #"{"model":"m","messages":[{"role":"user","content":"Is it so?"}]}"#

    private func post(_ body: String = Self.body, version: String = "1.1", _ headers: String...) -> String {
        let fields = ["host: localhost", "content-length: \(body.utf8.count)"] + headers
        return "POST /v1/chat/completions HTTP/\(version)\r\n" + fields.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    private func exchange(_ text: String, _ behavior: JudgeBehavior = JudgeBehavior()) async throws -> String {
        let server = try await ScriptedServer.start(behavior)
        let answer = try await RawClient.send(text, to: server.port)
        try await server.stop()
        return answer
    }

    private func count(_ part: String, in text: String) -> Int { text.ranges(of: part).count }

    @Test("Requests that come at once on one connection are answered in order, the last closes it")
    func pipelining() async throws {
        let bodies = ["a", "b", "c"].map { #"{"model":"\#($0)","messages":[{"role":"user"}]}"# }
        let answer = try await exchange(post(bodies[0]) + post(bodies[1]) + post(bodies[2], "connection: close"))
        #expect(count("HTTP/1.1 200 OK", in: answer) == 3 && count("connection: close", in: answer) == 1)
        let places = ["a", "b", "c"].compactMap { answer.firstRange(of: #""model":"\#($0)""#)?.lowerBound }
        #expect(places.count == 3 && places == places.sorted())
    }

    @Test("HTTP/1.0 closes after an answer unless it asks to keep the connection")
    func oldVersion() async throws {
        let closing = try await exchange(post(version: "1.0"))
        #expect(count("200 OK", in: closing) == 1)
        let kept = try await exchange(post(Self.body, version: "1.0", "connection: keep-alive") + post(version: "1.0"))
        #expect(count("200 OK", in: kept) == 2 && count("connection: keep-alive", in: kept) == 1)
    }

    @Test("With limits every answer says what is left")
    func limits() async throws {
        var behavior = JudgeBehavior()
        behavior.limits = RateLimits(requestsPerMinute: 60, tokensPerMinute: 6000)
        let answer = try await exchange(post("{\"messages\":[{}]}", "connection: close"), behavior)
        for header in [
            "x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 59", "x-ratelimit-reset-requests: 1s",
            "x-ratelimit-limit-tokens: 6000", "x-ratelimit-remaining-tokens: 5996", "x-ratelimit-reset-tokens: 40ms",
        ] { #expect(answer.contains("\r\n\(header)\r\n"), "\(header)\n\(answer)") }
    }

    @Test("A wait of part of a second is given in milliseconds too")
    func retryAfter() async throws {
        var behavior = JudgeBehavior()
        behavior.faults = FaultPlan(shares: [.init(.rateLimitAfter, 1)])
        behavior.retryAfter = .milliseconds(1200)
        let answer = try await exchange(post(Self.body, "connection: close"), behavior)
        #expect(answer.contains("\r\nretry-after-ms: 1200\r\n") && answer.contains("\r\nretry-after: 2\r\n"))
    }

    @Test(
        "Models are listed, other paths are not found, and what is no chat is refused",
        arguments: [
            ("GET /v1/models?limit=1", "", 200), ("GET /v1/nothing", "", 404), ("POST /chat/completions", "{", 400),
            ("POST /chat/completions", #"{"messages":[]}"#, 400), ("GET /v1/chat/completions", "", 404),
            ("POST /chat/completions", #"{"messages":[{}],"stream":true}"#, 400),
            ("POST /any/prefix/chat/completions?x=1", #"{"messages":[{}]}"#, 200),
        ]
    )
    func paths(request: String, body: String, status: Int) async throws {
        let head = "\(request) HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
        let answer = try await exchange(head + body)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        let content = try #require(answer.firstRange(of: "\r\n\r\n"))
        let value = try JSONParser.parse(answer[content.upperBound...].utf8, file: "reply")
        #expect((value["error"] == nil) == (status == 200))
    }
}
