// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ChatModels
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Pooled connections that post JSON and give the answer's status, headers and bytes.
public struct HTTPTransport: Sendable {
    /// An endpoint's answer.
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    /// A request without a body: its address taken apart and its headers put together once for many.
    struct Outline: Sendable {
        fileprivate let request: Result<HTTPClient.Request, ChatModelError>

        private init(_ method: HTTPMethod, _ url: URL, headers: [(String, String)]) {
            request = Result {
                try HTTPClient.Request(url: url, method: method, headers: HTTPHeaders(headers))
            }.mapError { HTTPTransport.failure($0, host: url.host ?? url.absoluteString) }
        }

        /// A request that expects JSON.
        static func getting(_ url: URL, headers: [(String, String)]) -> Outline {
            Outline(.GET, url, headers: headers + [("accept", "application/json")])
        }

        /// A request that sends and expects JSON.
        static func posting(to url: URL, headers: [(String, String)]) -> Outline {
            let json = [("content-type", "application/json"), ("accept", "application/json")]
            return Outline(.POST, url, headers: headers + json)
        }
    }

    /// Larger answers are no chat replies.
    private static let largestBody = 8 << 20

    private let client: HTTPClient
    // One thread serves thousands of calls a second; more would only wake one another.
    private let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let watch = DeadlineWatch()

    /// The thread that sends and receives, for tasks that do little else: no other has to be woken for each answer. Tasks
    /// must not block it, and must have ended before ``shutdown()``.
    public let executor: any TaskExecutor

    /// Opens a transport; ``shutdown()`` must be called when it is no longer used.
    ///
    /// - Parameters:
    ///   - connections: The most connections to one host.
    ///   - proxy: What stands between.
    public init(connections: Int = 64, proxy: HTTPProxy? = nil) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10))
        )
        configuration.proxy = proxy?.configuration
        configuration.tracing.tracer = nil
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // What is tried again, and when, is for RetryingChatModel to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroup: eventLoop, configuration: configuration)
        watch.start(on: eventLoop.next())
        executor = EventLoopExecutor(eventLoop.next())
    }

    /// Closes every connection.
    public func shutdown() async throws {
        try await client.shutdown()
        try await eventLoop.shutdownGracefully()
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - outline: The request.
    ///   - body: Its body; `nil` for none.
    ///   - deadline: How long the whole answer may take.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``ChatModels/ChatModelError`` when no whole answer came, `CancellationError`; the request is closed then.
    func send(_ outline: Outline, body: [UInt8]? = nil, within deadline: Duration) async throws -> Answer {
        var request = try outline.request.get()
        request.body = body.map { .bytes($0) }
        return try await answer(to: request, within: deadline)
    }

    private func answer(to request: HTTPClient.Request, within deadline: Duration) async throws -> Answer {
        do {
            let collector = ResponseAccumulator(request: request, maxBodySize: Self.largestBody)
            let call = client.execute(request: request, delegate: collector)
            let response = try await watch.answer(of: call, until: .now() + TimeAmount(deadline))
            return Answer(
                status: Int(response.status.code),
                headers: response.headers,
                body: response.body.map { Array($0.readableBytesView) } ?? []
            )
        } catch {
            try Task.checkCancellation()
            throw Self.failure(error, host: request.host)
        }
    }

    private static func failure(_ error: any Error, host: String) -> ChatModelError {
        if error is ResponseAccumulator.ResponseTooBigError {
            return ChatModelError(.malformed, "\(host) answered with more than \(largestBody >> 20) MiB")
        }
        if let error = error as? HTTPClientError, error == .deadlineExceeded {
            return ChatModelError(.timeout, "\(host) gave no whole answer in time")
        }
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return ChatModelError(
            .connection,
            "\(host) cannot be reached, or the connection broke (\(reason)): check the address and that it is served"
        )
    }
}
