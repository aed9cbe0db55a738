// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Rubrics
import Synchronization

/// A copy of the hub's replies on loopback: the API and small files on one port, large files behind a redirection on
/// another, as the hub keeps them with a second host.
package final class LoopbackHub: Sendable {
    /// Who may read a repository.
    package enum Access: Sendable, Hashable {
        /// Everybody.
        case open
        /// Those whose token this is.
        case token(String)
        /// Those whose token this is; without it the hub names terms to accept.
        case gated(String)
        /// A token is known, but may not read.
        case forbidden
    }

    /// A file.
    package struct File: Sendable {
        /// Its bytes as they are served.
        package var bytes: [UInt8]
        /// Whether it is kept with the second host and listed with its SHA-256.
        package var isLarge: Bool
        /// Another hash than that of the bytes.
        package var listedHash: String?

        /// Makes a file.
        package init(_ bytes: some Sequence<UInt8>, isLarge: Bool = false, listedHash: String? = nil) {
            self.bytes = Array(bytes)
            self.isLarge = isLarge
            self.listedHash = listedHash
        }

        /// The hash that the hub lists.
        var hash: String { listedHash ?? ContentHash.hexadecimal(of: bytes) }
    }

    /// A repository.
    package struct Repository: Sendable {
        /// `models` or `datasets`.
        package var kind: String
        /// `ORG/NAME`.
        package var name: String
        /// The commit of `main`.
        package var commit: String
        /// The files by their paths.
        package var files: [String: File]
        /// Who may read it.
        package var access: Access

        /// Makes a repository.
        package init(
            _ kind: String,
            _ name: String,
            commit: String = String(repeating: "c", count: 40),
            files: [String: File],
            access: Access = .open
        ) {
            self.kind = kind
            self.name = name
            self.commit = commit
            self.files = files
            self.access = access
        }

        /// Where contents are asked for.
        var contentPrefix: String { (kind == "datasets" ? "/datasets/" : "/") + name + "/resolve/" }
    }

    /// What goes wrong with one request for a path that ends with a text.
    package enum Fault: Sendable {
        /// The connection ends after this many bytes of the body.
        case cut(after: Int)
        /// After this many bytes of the body nothing more comes.
        case hold(after: Int)
        /// A status with headers.
        case status(Int, [(String, String)] = [])
        /// The range is passed over: the whole file comes.
        case ignoreRange
        /// The file has another entity tag.
        case otherTag
    }

    /// A request as the log keeps it.
    package struct Entry: Sendable, Hashable {
        /// Whether it came to the second host.
        package var isStorage: Bool
        /// The request.
        package var request: SocketServer.Request
        /// What was answered.
        package var status: Int
        /// How many bytes of a body were sent.
        package var sentBytes: Int
    }

    struct State {
        var repositories: [Repository]
        var faults: [(suffix: String, fault: Fault)] = []
        var log: [Entry] = []
        var pageSize = 1000
    }

    /// Where the hub is.
    package let url: URL
    /// Where its second host is.
    let storageURL: URL

    let state: Mutex<State>
    private let servers = Mutex<(hub: SocketServer, storage: SocketServer)?>(nil)

    /// Starts a hub.
    package init(_ repositories: [Repository]) throws {
        state = Mutex(State(repositories: repositories))
        let answering = Answering()
        let storage = try SocketServer { answering.hub?.stored($0) ?? .init(503) }
        let hub = try SocketServer { answering.hub?.answer($0) ?? .init(503) }
        (url, storageURL) = (hub.url, storage.url)
        servers.withLock { $0 = (hub, storage) }
        answering.hub = self
    }

    /// Who answers; the servers start before there is somebody.
    private final class Answering: Sendable {
        private struct Reference: Sendable {
            weak var hub: LoopbackHub?
        }

        private let reference = Mutex(Reference())

        var hub: LoopbackHub? {
            get { reference.withLock { $0.hub } }
            set { reference.withLock { $0.hub = newValue } }
        }
    }

    /// The requests so far.
    package var log: [Entry] { state.withLock { $0.log } }

    /// The requests for contents so far, redirections left out.
    package var contentRequests: [Entry] {
        log.filter { entry in
            (entry.isStorage || entry.request.target.utf8.starts(with: "/api/resolve-cache/".utf8))
        }
    }

    /// Lets something go wrong with the next request for a target that ends with a text, a query left out.
    package func fail(_ suffix: String, _ faults: Fault...) {
        state.withLock { $0.faults += faults.map { (suffix, $0) } }
    }

    /// Sets how many entries a page of a list holds.
    package func paginate(by count: Int) {
        state.withLock { $0.pageSize = count }
    }

    /// Replaces the repositories.
    package func publish(_ repositories: [Repository]) {
        state.withLock { $0.repositories = repositories }
    }

    /// Stops listening: the hub cannot be reached any more.
    package func stop() {
        servers.withLock { $0 = nil }
    }

    /// Takes the next fault that was planned for a target.
    func fault(for target: String) -> Fault? {
        let path = target.split(separator: "?").first.map(String.init) ?? ""
        return state.withLock { state in
            guard let index = state.faults.firstIndex(where: { path.hasSuffix($0.suffix) }) else { return nil }
            return state.faults.remove(at: index).fault
        }
    }

    /// Notes a request.
    func note(_ request: SocketServer.Request, _ answer: SocketServer.Answer, isStorage: Bool) {
        let sent = min(answer.sentBytes ?? .max, answer.body.count)
        let entry = Entry(isStorage: isStorage, request: request, status: answer.status, sentBytes: sent)
        state.withLock { $0.log.append(entry) }
    }
}
