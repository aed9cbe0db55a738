// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOHTTP1

/// Reads what the hub's answers say beside their bodies.
enum HubReply {
    /// What was asked, for messages.
    struct Question {
        var repository: HubRepository
        /// The file; `nil` where the repository itself was asked about.
        var file: String?
        /// Where terms are accepted.
        var page: String
        var hasToken: Bool
    }

    /// An entity tag without quotes and the mark of a weak one.
    static func bareTag(_ tag: String) -> String {
        var bytes = tag.utf8[...]
        if bytes.starts(with: "W/".utf8) { bytes = bytes.dropFirst(2) }
        let quote = UInt8(ascii: "\"")
        if bytes.count >= 2, bytes.first == quote, bytes.last == quote { bytes = bytes.dropFirst().dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether two addresses are of the same scheme, host and port.
    static func isSameOrigin(_ left: URL, _ right: URL) -> Bool {
        func port(_ url: URL) -> Int { url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80) }
        return left.scheme?.lowercased() == right.scheme?.lowercased()
            && left.host?.lowercased() == right.host?.lowercased() && port(left) == port(right)
    }

    /// Where a redirection leads.
    ///
    /// - Throws: ``HubError`` for one that leads nowhere, or from an encrypted connection to one that is not.
    static func target(of reply: HubTransport.Reply) throws -> URL {
        let location = reply.headers.first(name: "location") ?? ""
        let target = location.isEmpty ? nil : URL(string: location, relativeTo: reply.url)?.absoluteURL
        guard let target, let scheme = target.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
            throw HubError(.malformed, "\(reply.url.host ?? "the hub") redirects to nowhere: try again later")
        }
        guard scheme == "https" || reply.url.scheme?.lowercased() == "http" else {
            throw HubError(
                .rejected,
                "\(reply.url.host ?? "the hub") redirects to an address without encryption: refused"
            )
        }
        return target
    }

    /// The next page of a list, as `Link: <…>; rel="next"` names it.
    static func nextPage(_ reply: HubTransport.Reply) -> URL? {
        for link in reply.headers["link"].flatMap({ $0.split(separator: ",") }) where link.contains("rel=\"next\"") {
            guard let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"), start < end else {
                continue
            }
            return URL(string: String(link[link.index(after: start)..<end]), relativeTo: reply.url)?.absoluteURL
        }
        return nil
    }

    /// How long the hub asks to wait: `Retry-After` in seconds, or the `t` of `RateLimit`.
    static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        if let seconds = headers.first(name: "retry-after").flatMap({ Int($0) }), seconds >= 0 {
            return .seconds(min(seconds, 1_000_000))
        }
        let fields = headers.first(name: "ratelimit")?.split(separator: ";") ?? []
        let reset = fields.lazy.filter { $0.hasPrefix("t=") }.compactMap { Int($0.dropFirst(2)) }.first
        return reset.map { .seconds(min(max(0, $0), 1_000_000)) }
    }

    /// What an answer that is no success comes to.
    static func failure(_ reply: HubTransport.Reply, of question: Question) -> HubError {
        let code = reply.headers.first(name: "x-error-code") ?? ""
        let name = question.repository.address
        let what = question.file.map { "\($0) of \(name)" } ?? "\(name)"
        let host = reply.url.host ?? "the hub"
        switch reply.status {
        case 401, 403: return refusal(reply.status, isGated: code == "GatedRepo", what: what, question)
        case 404, 410: return absence(code, question)
        case 429:
            let wait = retryAfter(reply.headers)
            let advice = wait.map { "come back in \($0.components.seconds) s" } ?? "come back later"
            let token = question.hasToken ? "" : ", or set HF_TOKEN for a higher limit"
            return HubError(.rateLimited, "\(host) has had too many requests: \(advice)\(token)", retryAfter: wait)
        case 408, 500...:
            return HubError(
                .serverError,
                "\(host) fails on \(what) (status \(reply.status)): try again later",
                retryAfter: retryAfter(reply.headers)
            )
        default:
            return HubError(.rejected, "\(host) refuses \(what) (status \(reply.status)): check the address")
        }
    }

    private static func refusal(_ status: Int, isGated: Bool, what: String, _ question: Question) -> HubError {
        let token = "make one at https://huggingface.co/settings/tokens"
        if isGated {
            let step = question.hasToken ? "then run again" : "then set HF_TOKEN (\(token))"
            return HubError(.gated, "\(what) is gated: accept its terms at \(question.page), \(step)")
        }
        guard question.hasToken else {
            let remedy = "check the name; for a private one set HF_TOKEN (\(token))"
            return HubError(.unauthorized, "\(what) does not exist or is private: \(remedy)")
        }
        return status == 401
            ? HubError(
                .unauthorized,
                "the hub does not accept HF_TOKEN for \(what): check the name and the token, \(token)"
            )
            : HubError(.unauthorized, "HF_TOKEN may not read \(what): give the token access, or \(token)")
    }

    private static func absence(_ code: String, _ question: Question) -> HubError {
        let address = question.repository.address
        if code == "RevisionNotFound" {
            return HubError(.notFound, "hf:\(address.repository) has no revision \(address.revision): check its name")
        }
        if let file = question.file {
            return HubError(.notFound, "\(address) holds no \(file): it may have been removed, see \(question.page)")
        }
        let kind = question.repository.kind == .models ? "model" : "data set"
        return HubError(.notFound, "there is no \(kind) \(address) on the hub: check its name at \(question.page)")
    }
}
