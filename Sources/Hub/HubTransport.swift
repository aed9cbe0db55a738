// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ChatProviders
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Connections to the hub and to where it keeps its files, each through the proxy that its address asks for.
final class HubTransport: Sendable {
    /// An answer whose body has not been read.
    struct Reply {
        /// Where it came from.
        var url: URL
        var status: Int
        var headers: HTTPHeaders
        fileprivate var body: HTTPClientResponse.Body

        /// Hands the body's parts over as they come.
        ///
        /// - Parameter part: Takes a part.
        /// - Throws: ``HubError`` when the connection breaks, `CancellationError`, and what `part` throws.
        func read(_ part: (ByteBufferView) throws -> Void) async throws {
            var parts = body.makeAsyncIterator()
            while true {
                let next: ByteBuffer?
                do {
                    next = try await parts.next()
                } catch {
                    try Task.checkCancellation()
                    throw failure(error, host: url.host ?? "the hub")
                }
                guard let next else { return }
                try Task.checkCancellation()
                try part(next.readableBytesView)
            }
        }
    }

    private let clients = Mutex<[HTTPProxy?: HTTPClient]>([:])
    private let proxy: @Sendable (URL) -> HTTPProxy?

    init(proxy: @escaping @Sendable (URL) -> HTTPProxy?) {
        self.proxy = proxy
    }

    /// Closes every connection.
    func shutdown() async throws {
        let open = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in open { try await client.shutdown() }
    }

    /// Asks for an address; redirections are handed back as they are.
    ///
    /// - Throws: ``HubError`` with the code `unreachable`, `CancellationError`.
    func get(_ url: URL, headers: [(String, String)]) async throws -> Reply {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers = HTTPHeaders([("user-agent", "rubrics")] + headers)
        do {
            let response = try await client(for: url).execute(request, deadline: .distantFuture)
            return Reply(
                url: url,
                status: Int(response.status.code),
                headers: response.headers,
                body: response.body
            )
        } catch {
            try Task.checkCancellation()
            throw Self.failure(error, host: url.host ?? "the hub")
        }
    }

    /// What a broken connection comes to.
    private static func failure(_ error: any Error, host: String) -> HubError {
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return HubError(
            .unreachable,
            "\(host) cannot be reached, or the connection broke (\(reason)): check the network, HF_ENDPOINT and the proxy"
        )
    }

    private func client(for url: URL) -> HTTPClient {
        let proxy = proxy(url)
        return clients.withLock { clients in
            if let client = clients[proxy] { return client }
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow,
                timeout: .init(connect: .seconds(10), read: .seconds(60))
            )
            configuration.proxy = proxy?.configuration
            configuration.tracing.tracer = nil
            // What is tried again, and when, is for HubRetry to say.
            configuration.connectionPool.retryConnectionEstablishment = false
            let client = HTTPClient(
                eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
                configuration: configuration
            )
            clients[proxy] = client
            return client
        }
    }
}
