// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Rubrics
import Synchronization

/// An HTTP server on loopback that does to each request what a test says.
final class ScriptedServer: Sendable {
    /// A request that came in whole.
    struct Request: Sendable {
        var path: String
        var headers: HTTPHeaders
        var body: JSONValue
    }

    /// What becomes of a request.
    enum Reaction: Sendable {
        /// A whole answer.
        case answer(status: Int, headers: [(String, String)], body: String)
        /// Fewer bytes than announced, then the connection closes.
        case truncated(String)
        /// The connection closes without an answer.
        case reset
        /// No answer; the connection stays open.
        case hang
    }

    private let channel: any Channel
    private let log: Log

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
        let closed = Mutex(0)
    }

    /// Starts a server on a free port.
    static func start(_ script: @escaping @Sendable (_ request: Request, _ call: Int) -> Reaction) async throws -> Self
    {
        let log = Log()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(script: script, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Self(channel: channel, log: log)
    }

    private init(channel: any Channel, log: Log) {
        self.channel = channel
        self.log = log
    }

    /// Where a dialect's paths begin.
    var baseURL: URL {
        URL(string: "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1") ?? URL(fileURLWithPath: "/")
    }

    /// The requests so far, in order.
    var requests: [Request] { log.requests.withLock(\.self) }
    /// How many connections the other side has closed.
    var closedConnections: Int { log.closed.withLock(\.self) }

    /// Stops listening.
    func stop() async throws {
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let script: @Sendable (Request, Int) -> Reaction
        private let log: Log
        private var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
        private var body = ByteBuffer()

        init(script: @escaping @Sendable (Request, Int) -> Reaction, log: Log) {
            self.script = script
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, ByteBuffer())
            case .body(var part): body.writeBuffer(&part)
            case .end: react(context)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            log.closed.withLock { $0 += 1 }
        }

        private func react(_ context: ChannelHandlerContext) {
            let value = (try? JSONParser.parse(Array(body.readableBytesView), file: "request")) ?? .null
            let request = Request(path: head.uri, headers: head.headers, body: value)
            let call = log.requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            switch script(request, call) {
            case .answer(let status, let headers, let text):
                answer(context, status, headers + [("content-length", "\(text.utf8.count)")], text)
            case .truncated(let text):
                answer(context, 200, [("content-length", "\(text.utf8.count + 100)")], text)
                context.close(promise: nil)
            case .reset: context.close(promise: nil)
            case .hang: break
            }
        }

        private func answer(
            _ context: ChannelHandlerContext,
            _ status: Int,
            _ headers: [(String, String)],
            _ text: String
        ) {
            let head = HTTPResponseHead(
                version: .http1_1,
                status: HTTPResponseStatus(statusCode: status),
                headers: HTTPHeaders(headers)
            )
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
