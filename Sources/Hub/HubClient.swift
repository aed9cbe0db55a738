// SPDX-License-Identifier: Apache-2.0

package import ChatProviders
package import Foundation
import NIOHTTP1
import Rubrics

/// The hub's API: which commit a revision is, which files it has, and their bytes.
package struct HubClient: Sendable {
    /// Where the hub is and how it is asked.
    package struct Configuration: Sendable {
        /// The hub's address.
        package var endpoint: URL
        /// The user's token; sent to ``endpoint`` alone.
        var token: Secret?
        /// What stands between here and an address.
        package var proxy: @Sendable (URL) -> HTTPProxy?
        /// When a request is made again.
        package var retry: HubRetry

        /// Makes a configuration.
        ///
        /// - Parameters:
        ///   - endpoint: The hub's address.
        ///   - token: The user's token; white space around it and an empty one count for nothing.
        ///   - proxy: What stands between here and an address.
        ///   - retry: When a request is made again.
        package init(
            endpoint: URL,
            token: String? = nil,
            proxy: @escaping @Sendable (URL) -> HTTPProxy? = { _ in nil },
            retry: HubRetry = HubRetry()
        ) {
            self.endpoint = endpoint
            let token = token?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            self.token = token.isEmpty ? nil : Secret(token)
            self.proxy = proxy
            self.retry = retry
        }
    }

    /// Larger lists are no lists of files.
    private static let largestList = 64 << 20
    private static let mostPages = 2000
    private static let mostRedirections = 8

    let configuration: Configuration
    private let transport: HubTransport

    /// Makes a client; ``shutdown()`` must be called when it is no longer used.
    package init(_ configuration: Configuration) {
        self.configuration = configuration
        transport = HubTransport(proxy: configuration.proxy)
    }

    /// Closes every connection.
    package func shutdown() async throws {
        try await transport.shutdown()
    }

    /// The commit that a repository's revision is.
    ///
    /// - Throws: ``HubError``, `CancellationError`.
    package func commit(of repository: HubRepository) async throws -> String {
        let reply = try await json(at: absolute(repository.revisionPath), of: repository)
        guard let commit = reply.value["sha"]?.string, HubPath.isCommit(commit) else {
            throw HubError(.malformed, "\(host) names no commit for \(repository.address): is HF_ENDPOINT a hub?")
        }
        return commit
    }

    /// The files of a repository at a commit, in the order of their paths.
    ///
    /// - Throws: ``HubError``, `CancellationError`.
    package func files(of repository: HubRepository, at commit: String) async throws -> [HubFile] {
        var files: [HubFile] = []
        var page: URL? = try absolute(repository.treePath(commit))
        var pages = 0
        while let url = page {
            let reply = try await json(at: url, of: repository)
            guard let entries = reply.value.array, pages < Self.mostPages else {
                throw HubError(
                    .malformed,
                    "\(host) gives no list of the files of \(repository.address): try again later"
                )
            }
            files += try entries.compactMap { try HubFile(entry: $0) }
            page = reply.next
            pages += 1
        }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Asks for a file's bytes from an offset on.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - repository: Where it is.
    ///   - commit: At which commit.
    ///   - headers: The range that is asked for.
    /// - Returns: The answer, of status 200, 206 or 416, and the content's hash where the hub names it on the way.
    /// - Throws: ``HubError``, `CancellationError`.
    func open(
        _ file: HubFile,
        of repository: HubRepository,
        at commit: String,
        headers: [(String, String)]
    ) async throws -> (reply: HubTransport.Reply, contentHash: String?) {
        let url = try absolute(repository.contentPath(file, commit))
        var contentHash: String?
        let reply = try await following(url, headers: headers) { reply in
            let linked = reply.headers.first(name: "x-linked-etag").map(HubReply.bareTag)
            contentHash = contentHash ?? linked.flatMap { HubPath.isContentHash($0) ? $0 : nil }
        }
        guard [200, 206, 416].contains(reply.status) else {
            throw failure(reply, asking: repository, file: file.path)
        }
        return (reply, contentHash)
    }

    /// Sends the token to the hub itself, and to no other host.
    private func authorization(for url: URL) -> [(String, String)] {
        guard let token = configuration.token, HubReply.isSameOrigin(url, configuration.endpoint) else { return [] }
        return [("authorization", "Bearer \(token.reveal())")]
    }

    private func following(
        _ url: URL,
        headers: [(String, String)],
        passing: (HubTransport.Reply) -> Void = { _ in }
    ) async throws -> HubTransport.Reply {
        var url = url
        for _ in 0..<Self.mostRedirections {
            let reply = try await transport.get(url, headers: authorization(for: url) + headers)
            passing(reply)
            guard (300..<400).contains(reply.status) else { return reply }
            url = try HubReply.target(of: reply)
        }
        throw HubError(.malformed, "\(host) sends requests round in circles: is HF_ENDPOINT a hub?")
    }

    private func json(at url: URL, of repository: HubRepository) async throws -> (value: JSONValue, next: URL?) {
        try await retrying {
            let reply = try await following(url, headers: [("accept", "application/json")])
            guard reply.status == 200 else { throw failure(reply, asking: repository, file: nil) }
            let bytes = try await body(of: reply)
            do {
                return (try JSONParser.parse(bytes, file: url.path), HubReply.nextPage(reply))
            } catch {
                throw HubError(
                    .malformed,
                    "\(host) answers with something that is no JSON (\(error)): is HF_ENDPOINT a hub?"
                )
            }
        }
    }

    private func body(of reply: HubTransport.Reply) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await reply.read { part in
            bytes += part
            guard bytes.count <= Self.largestList else {
                throw HubError(
                    .malformed,
                    "\(host) answers with more than \(Self.largestList >> 20) MiB: is HF_ENDPOINT a hub?"
                )
            }
        }
        return bytes
    }

    private func retrying<Value>(_ body: () async throws -> Value) async throws -> Value {
        var failures = 0
        while true {
            do {
                return try await body()
            } catch let error as HubError {
                failures += 1
                guard let delay = configuration.retry.delay(after: error, failures: failures) else { throw error }
                try await Task.sleep(for: delay)
            }
        }
    }

    private func absolute(_ path: String) throws -> URL {
        var base = configuration.endpoint.absoluteString
        while base.utf8.last == UInt8(ascii: "/") { base.removeLast() }
        guard let url = URL(string: base + path), ["http", "https"].contains(url.scheme ?? "") else {
            throw HubError(.invalidAddress, "HF_ENDPOINT is \(base), which is no address: write https://HOST")
        }
        return url
    }

    /// The hub's name in messages.
    var host: String { configuration.endpoint.host ?? configuration.endpoint.absoluteString }

    private func failure(_ reply: HubTransport.Reply, asking repository: HubRepository, file: String?) -> HubError {
        HubReply.failure(
            reply,
            of: HubReply.Question(
                repository: repository,
                file: file,
                page: configuration.endpoint.absoluteString + repository.pagePath,
                hasToken: configuration.token != nil
            )
        )
    }
}
