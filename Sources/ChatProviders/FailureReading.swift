// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import NIOHTTP1
import Rubrics

extension HTTPTransport.Answer {
    /// Shorter keys are placeholders for servers that want none, and may be words of an answer.
    private static let shortestHiddenKey = 12

    /// The answer with stars where the endpoint gives the key back: neither a failure nor a record may show it.
    func hiding(_ key: Secret?) -> Self {
        guard let key, key.reveal().utf8.count >= Self.shortestHiddenKey else { return self }
        var answer = self
        answer.body = body.replacing(Array(key.reveal().utf8), with: Array("***".utf8))
        return answer
    }

    /// What an answer that is no success says.
    ///
    /// - Parameter endpoint: Whose answer it is.
    /// - Returns: The failure, its message without keys and prompts.
    func failure(of endpoint: ChatEndpoint) -> ChatModelError {
        let reply = try? JSONParser.parse(body, file: "reply")
        let error = reply?["error"]
        let words = ["type", "code"].compactMap { error?[$0]?.string }
        // FastAPI's servers say it in "detail".
        let said = error?["message"]?.string ?? error?.string ?? reply?["detail"]?.string ?? ""
        let code = Self.code(status: status, words: words, message: said)
        var failure = ChatModelError(
            code,
            "\(endpoint.provider) answered \(status)\(words.isEmpty ? "" : " \(words.joined(separator: " "))")"
                + Self.remedy(code, endpoint),
            status: status,
            retryAfter: retryAfter
        )
        failure.limits = rateLimits
        return failure
    }

    private static func code(status: Int, words: [String], message: String) -> ChatModelError.Code {
        func says(_ parts: String...) -> Bool {
            parts.contains { part in words.contains { $0.contains(part) } || message.contains(part) }
        }
        switch status {
        case 401, 403: return .auth
        case 402: return .quota
        case 429: return says("insufficient_quota", "billing", "credit balance") ? .quota : .rateLimited
        case 408, 409, 500...599: return .serverError
        // Only what is judged differs from request to request: it is what makes one too large.
        case 413: return .contextOverflow
        case 400, 422:
            if says("context_length", "context length", "context size", "too long", "maximum context") {
                return .contextOverflow
            }
            if says("content_filter", "content_policy") { return .contentFilter }
            if says("billing", "credit balance") { return .quota }
            return .rejected
        default: return .rejected
        }
    }

    private static func remedy(_ code: ChatModelError.Code, _ endpoint: ChatEndpoint) -> String {
        switch code {
        case .auth: return ": check the key"
        case .quota: return ": the account has nothing left, add credit or choose another model"
        case .rejected: return " for the model \(endpoint.model): check its name and the address"
        default: return ""
        }
    }

    /// How long the endpoint asks to wait, at most a day: `retry-after-ms`, or `retry-after` in seconds or as a date,
    /// which is taken by the endpoint's own clock.
    private var retryAfter: Duration? {
        if let milliseconds = headers.first(name: "retry-after-ms").flatMap(Double.init), milliseconds >= 0 {
            return .seconds(min(milliseconds / 1000, 86_400))
        }
        guard let text = headers.first(name: "retry-after") else { return nil }
        let seconds = Double(text) ?? Self.seconds(from: headers.first(name: "date"), to: text)
        return seconds.flatMap { $0 >= 0 ? .seconds(min($0, 86_400)) : nil }
    }

    private static func seconds(from start: String?, to end: String) -> Double? {
        // RFC 9110, section 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT.
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let start = start.flatMap(format.date), let end = format.date(from: end) else { return nil }
        return end.timeIntervalSince(start)
    }
}
