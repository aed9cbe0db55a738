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

    /// Larger answers are no chat replies.
    private static let largestBody = 8 << 20

    private let client: HTTPClient
    // One thread serves thousands of calls a second; more would only wake one another.
    private let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// Opens a transport; ``shutdown()`` must be called when it is no longer used.
    ///
    /// - Parameters:
    ///   - connections: The most connections to one host.
    ///   - proxy: What stands between.
    ///   - silence: How long an endpoint may send nothing: no shorter than an attempt's deadline.
    public init(connections: Int = 64, proxy: HTTPProxy? = nil, silence: Duration = .seconds(60)) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: TimeAmount(silence))
        )
        configuration.proxy = proxy?.configuration
        configuration.tracing.tracer = nil
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // What is tried again, and when, is for RetryingChatModel to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroup: eventLoop, configuration: configuration)
    }

    /// Closes every connection.
    public func shutdown() async throws {
        try await client.shutdown()
        try await eventLoop.shutdownGracefully()
    }

    /// Posts JSON.
    ///
    /// - Throws: ``ChatModels/ChatModelError`` when no whole answer came, `CancellationError`; the request is closed then.
    func post(
        _ body: String,
        to url: URL,
        headers: [(String, String)],
        within deadline: Duration? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers = HTTPHeaders(headers + [("content-type", "application/json"), ("accept", "application/json")])
        request.body = .bytes(ByteBuffer(string: body))
        return try await answer(to: request, host: url.host, within: deadline)
    }

    /// Gets what stands at an address.
    ///
    /// - Throws: As ``post(_:to:headers:)``.
    func get(_ url: URL, headers: [(String, String)]) async throws -> Answer {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers = HTTPHeaders(headers + [("accept", "application/json")])
        return try await answer(to: request, host: url.host, within: .seconds(30))
    }

    private func answer(
        to request: HTTPClientRequest,
        host: String?,
        within deadline: Duration?
    ) async throws -> Answer {
        let end = deadline.map { NIODeadline.now() + TimeAmount($0) } ?? .distantFuture
        do {
            let response = try await client.execute(request, deadline: end)
            return Answer(
                status: Int(response.status.code),
                headers: response.headers,
                body: try await Self.collect(response.body, until: end)
            )
        } catch {
            try Task.checkCancellation()
            throw Self.failure(error, host: host ?? request.url)
        }
    }

    /// The client keeps a deadline up to an answer's head; a body that drips on is cut here, one that falls silent by the
    /// client's read time-out.
    private static func collect(_ body: HTTPClientResponse.Body, until end: NIODeadline) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in body {
            guard NIODeadline.now() < end else { throw HTTPClientError.deadlineExceeded }
            guard bytes.count + part.readableBytes <= largestBody else {
                throw NIOTooManyBytesError(maxBytes: largestBody)
            }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    private static func failure(_ error: any Error, host: String) -> ChatModelError {
        if error is NIOTooManyBytesError {
            return ChatModelError(.malformed, "\(host) answered with more than \(largestBody >> 20) MiB")
        }
        if let error = error as? HTTPClientError, [.deadlineExceeded, .readTimeout].contains(error) {
            return ChatModelError(.timeout, "\(host) gave no whole answer in time")
        }
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return ChatModelError(
            .connection,
            "\(host) cannot be reached, or the connection broke (\(reason)): check the address and that it is served"
        )
    }
}
