// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ChatModels
import Foundation
import NIOCore
import NIOHTTP1

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
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // What is tried again, and when, is for RetryingChatModel to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes every connection.
    public func shutdown() async throws {
        try await client.shutdown()
    }

    /// Posts JSON.
    ///
    /// - Throws: ``ChatModels/ChatModelError`` when no whole answer came, `CancellationError`; the request is closed then.
    func post(_ body: String, to url: URL, headers: [(String, String)]) async throws -> Answer {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers = HTTPHeaders(headers + [("content-type", "application/json"), ("accept", "application/json")])
        request.body = .bytes(ByteBuffer(string: body))
        return try await answer(to: request, host: url.host)
    }

    /// Gets what stands at an address.
    ///
    /// - Throws: As ``post(_:to:headers:)``.
    func get(_ url: URL, headers: [(String, String)]) async throws -> Answer {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers = HTTPHeaders(headers + [("accept", "application/json")])
        return try await answer(to: request, host: url.host)
    }

    private func answer(to request: HTTPClientRequest, host: String?) async throws -> Answer {
        do {
            let response = try await client.execute(request, deadline: .distantFuture)
            let buffer = try await response.body.collect(upTo: Self.largestBody)
            return Answer(
                status: Int(response.status.code),
                headers: response.headers,
                body: Array(buffer.readableBytesView)
            )
        } catch {
            try Task.checkCancellation()
            throw Self.failure(error, host: host ?? request.url)
        }
    }

    private static func failure(_ error: any Error, host: String) -> ChatModelError {
        if error is NIOTooManyBytesError {
            return ChatModelError(.malformed, "\(host) answered with more than \(largestBody >> 20) MiB")
        }
        return ChatModelError(.connection, "\(host) cannot be reached, or the connection broke: \(error)")
    }
}
