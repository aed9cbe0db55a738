// SPDX-License-Identifier: Apache-2.0

package import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on loopback that does to each request what a script says.
package final class ScriptedServer: Sendable {
    /// What becomes of a request.
    package enum Reaction: Sendable {
        /// A whole answer.
        case answer(status: Int, headers: [(String, String)], body: String)
        /// Fewer bytes than announced, then the connection closes.
        case truncated(String)
        /// The connection is reset without an answer.
        case reset
        /// No answer; the connection stays open.
        case hang
        /// The head of an answer, then white space, a byte at a time, without end.
        case drip(every: Duration)
        /// What happens after a wait.
        indirect case delayed(Duration, Reaction)
    }

    /// A reaction and what it is called in the log.
    struct Decision: Sendable {
        var reaction: Reaction
        var fault: Fault?
    }

    typealias Responder = @Sendable (Request, RequestLog.Entry) -> Decision

    /// What the server saw and did.
    package let log: RequestLog
    /// The port it listens on.
    package let port: Int
    private let channel: any Channel

    /// Starts a server that asks a script for each reaction.
    ///
    /// - Parameters:
    ///   - port: Where to listen; 0 for a free port.
    ///   - script: Says what becomes of a request, given its number.
    /// - Returns: The server, which listens.
    /// - Throws: What the system says when the port is taken.
    package static func start(
        port: Int = 0,
        _ script: @escaping @Sendable (_ request: Request, _ call: Int) -> Reaction
    ) async throws -> Self {
        try await start(port: port, log: RequestLog(keepsRequests: true)) { request, entry in
            Decision(reaction: script(request, entry.number))
        }
    }

    /// Starts a server that plays a judge.
    ///
    /// - Parameters:
    ///   - behavior: How it plays.
    ///   - port: Where to listen; 0 for a free port.
    ///   - keepsRequests: Whether the log keeps the requests themselves.
    /// - Returns: The server, which listens.
    /// - Throws: What the system says when the port is taken.
    package static func start(
        _ behavior: JudgeBehavior,
        port: Int = 0,
        keepsRequests: Bool = true
    ) async throws -> Self {
        let script = JudgeScript(behavior, created: Int(Date().timeIntervalSince1970))
        return try await start(port: port, log: RequestLog(keepsRequests: keepsRequests), script.decision)
    }

    private static func start(port: Int, log: RequestLog, _ respond: @escaping Responder) async throws -> Self {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(log: log, respond))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return Self(channel: channel, log: log)
    }

    private init(channel: any Channel, log: RequestLog) {
        self.channel = channel
        self.log = log
        port = channel.localAddress?.port ?? 0
    }

    /// Where a dialect's paths begin.
    package var baseURL: URL { URL(string: "http://127.0.0.1:\(port)/v1") ?? URL(fileURLWithPath: "/") }

    /// The requests so far, in order.
    package var requests: [Request] { log.requests }
    /// How many connections the other side has closed.
    package var closedConnections: Int { log.closedConnections }

    /// Stops listening; open connections stay until their clients close them.
    package func stop() async throws {
        try await channel.close()
    }
}
