// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics
import Synchronization

// The hub itself.
extension LoopbackHub {
    /// Answers a request to the hub.
    func answer(_ request: SocketServer.Request) -> SocketServer.Answer {
        let path = request.target.split(separator: "?").first.map(String.init) ?? ""
        var answer = SocketServer.Answer(404, headers: [("x-error-code", "RepoNotFound")])
        switch fault(for: path.hasPrefix("/api/resolve-cache/") ? "" : request.target) {
        case .status(let status, let headers)?: answer = SocketServer.Answer(status, headers: headers)
        default:
            let known = state.withLock { $0.repositories }.first { Self.isAbout($0, path) }
            if let known { answer = refusal(of: known, to: request) ?? reply(of: known, path: path, request) }
        }
        note(request, answer, isStorage: false)
        return answer
    }

    private static func isAbout(_ repository: Repository, _ path: String) -> Bool {
        let kinds = [
            "/api/\(repository.kind)/\(repository.name)/", "/api/resolve-cache/\(repository.kind)/\(repository.name)/",
        ]
        return (kinds + [repository.contentPrefix]).contains { path.hasPrefix($0) }
    }

    private func refusal(of repository: Repository, to request: SocketServer.Request) -> SocketServer.Answer? {
        let token = request.headers["authorization"]
        switch repository.access {
        case .open: return nil
        case .token(let known):
            return token == "Bearer \(known)"
                ? nil : SocketServer.Answer(401, headers: [("x-error-code", "RepoNotFound")])
        case .gated(let known):
            return token == "Bearer \(known)"
                ? nil : SocketServer.Answer(token == nil ? 401 : 403, headers: [("x-error-code", "GatedRepo")])
        case .forbidden: return SocketServer.Answer(403, headers: [("x-error-message", "Forbidden")])
        }
    }

    private func reply(of repository: Repository, path: String, _ request: SocketServer.Request) -> SocketServer.Answer
    {
        let api = "/api/\(repository.kind)/\(repository.name)/"
        let cached = "/api/resolve-cache/\(repository.kind)/\(repository.name)/\(repository.commit)/"
        if path.hasPrefix(api + "revision/") {
            let revision = String(path.dropFirst(api.utf8.count + 9))
            return ["main", repository.commit].contains(revision)
                ? json(["id": .string(repository.name), "sha": .string(repository.commit), "private": false])
                : SocketServer.Answer(404, headers: [("x-error-code", "RevisionNotFound")])
        }
        if path == api + "tree/\(repository.commit)" { return list(of: repository, path: path, request.target) }
        let content = repository.contentPrefix + repository.commit + "/"
        let prefix = path.hasPrefix(cached) ? cached : content
        let name = String(path.dropFirst(prefix.utf8.count)).removingPercentEncoding ?? ""
        guard path.hasPrefix(prefix), let file = repository.files[name] else {
            return SocketServer.Answer(404, headers: [("x-error-code", "EntryNotFound")])
        }
        if prefix == cached { return bytes(of: file, request, fault(for: request.target)) }
        return redirection(to: file, in: repository, cached: cached + path.dropFirst(content.utf8.count))
    }

    private func redirection(to file: File, in repository: Repository, cached: String) -> SocketServer.Answer {
        guard file.isLarge else {
            let headers = [("location", cached + "?etag=x"), ("x-repo-commit", repository.commit)]
            return SocketServer.Answer(307, headers: headers, body: Array("Temporary Redirect".utf8))
        }
        let headers = [
            ("location", "\(storageURL.absoluteString)/blobs/\(ContentHash.hexadecimal(of: file.bytes))?signature=s3"),
            ("x-linked-etag", "\"\(file.hash)\""), ("x-linked-size", "\(file.bytes.count)"),
            ("x-repo-commit", repository.commit),
        ]
        return SocketServer.Answer(302, headers: headers, body: Array("Found. Redirecting".utf8))
    }

    private func list(of repository: Repository, path: String, _ target: String) -> SocketServer.Answer {
        let size = state.withLock { $0.pageSize }
        let start = target.components(separatedBy: "cursor=").dropFirst().first.flatMap { Int($0) } ?? 0
        let names = repository.files.keys.sorted()
        let folders = Set(names.compactMap { $0.contains("/") ? $0.components(separatedBy: "/")[0] : nil }).sorted()
        let entries = folders.map { folder -> JSONValue in
            ["type": "directory", "oid": "d0", "size": 0, "path": .string(folder)]
        }
        let all = entries + names.map { entry($0, repository.files[$0]) }
        let page = Array(all.dropFirst(start).prefix(size))
        var answer = json(.array(page))
        if start + size < all.count {
            let next = "\(url.absoluteString)\(path)?recursive=true&cursor=\(start + size)"
            answer.headers.append(("link", "<\(next)>; rel=\"next\""))
        }
        return answer
    }

    private func entry(_ name: String, _ file: File?) -> JSONValue {
        let size = file?.bytes.count ?? 0
        var entry: JSONObject = ["type": "file", "oid": "9f", "size": .integer(size), "path": .string(name)]
        if let file, file.isLarge {
            entry["lfs"] = ["oid": .string(file.hash), "size": .integer(size), "pointerSize": 134]
        }
        return .object(entry)
    }

    private func json(_ value: JSONValue) -> SocketServer.Answer {
        SocketServer.Answer(200, headers: [("content-type", "application/json")], body: Array(value.serialized().utf8))
    }
}

// The second host, and small files.
extension LoopbackHub {
    /// Answers a request to the second host, which takes no token beside its own signature.
    func stored(_ request: SocketServer.Request) -> SocketServer.Answer {
        let files = state.withLock { $0.repositories }.flatMap { $0.files.values }
        let file = files.first { request.target == "/blobs/\(ContentHash.hexadecimal(of: $0.bytes))?signature=s3" }
        var answer = SocketServer.Answer(403)
        if request.headers["authorization"] != nil {
            answer = SocketServer.Answer(400, body: Array("Only one auth mechanism allowed".utf8))
        } else if let file {
            answer = bytes(of: file, request, fault(for: request.target) ?? fault(for: "storage"))
        }
        note(request, answer, isStorage: true)
        return answer
    }

    /// A file's bytes from where the request wants them.
    private func bytes(of file: File, _ request: SocketServer.Request, _ fault: Fault?) -> SocketServer.Answer {
        if case .status(let status, let headers)? = fault { return SocketServer.Answer(status, headers: headers) }
        var tag = "\"\(ContentHash.hexadecimal(of: file.bytes))\""
        if case .otherTag? = fault { tag = "\"other\"" }
        var answer = SocketServer.Answer(200, headers: [("etag", tag), ("accept-ranges", "bytes")], body: file.bytes)
        var honorsRange = request.headers["if-range"].map { $0 == tag } ?? true
        if case .ignoreRange? = fault { honorsRange = false }
        if honorsRange, let range = request.headers["range"], let start = Int(range.dropFirst(6).dropLast()) {
            guard start < file.bytes.count else { return SocketServer.Answer(416) }
            answer.status = 206
            let end = file.bytes.count - 1
            answer.headers.append(("content-range", "bytes \(start)-\(end)/\(file.bytes.count)"))
            answer.body = Array(file.bytes[start...])
        }
        switch fault {
        case .cut(let count)?: answer.sentBytes = count
        case .hold(let count)?: (answer.sentBytes, answer.ending) = (count, .hold)
        default: break
        }
        return answer
    }
}
