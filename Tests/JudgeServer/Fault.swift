// SPDX-License-Identifier: Apache-2.0

/// A way in which a judge's endpoint goes wrong.
package enum Fault: String, Sendable, Hashable, CaseIterable {
    /// No answer; the connection stays open.
    case hang
    /// White space, a byte at a time, and never an end.
    case slowDrip = "slow_drip"
    /// The connection is reset without an answer.
    case reset
    /// 429 without a word on when to come back.
    case rateLimit = "rate_limit"
    /// 429 with `Retry-After`.
    case rateLimitAfter = "rate_limit_after"
    /// 500.
    case serverError = "server_error"
    /// 503.
    case unavailable
    /// A proxy's page with 502.
    case html
    /// A proxy's page with 200.
    case htmlOK = "html_ok"
    /// Fewer bytes than announced.
    case truncatedBody = "truncated_body"
    /// The judge's JSON ends in its middle with the finish reason `length`.
    case truncatedJSON = "truncated_json"
    /// An empty text.
    case empty
    /// Identifiers that were not asked about.
    case wrongIDs = "wrong_ids"
    /// One criterion more than asked for.
    case extraCriteria = "extra_criteria"
    /// A refusal as the text.
    case refusal
    /// A refusal in `message.refusal`.
    case refusalField = "refusal_field"
    /// The finish reason `content_filter`.
    case contentFilter = "content_filter"
    /// 404, `model_not_found`.
    case wrongModel = "wrong_model"
    /// 401.
    case expiredKey = "expired_key"
    /// 429, `insufficient_quota`.
    case quota
    /// A sentence with a number instead of JSON.
    case prose
    /// Values outside of the menu: a rating of 11, a verdict of `maybe`.
    case offMenu = "off_menu"
    /// The right JSON in a fence, with a sentence after it.
    case fenced
    /// The right answer as a Python dictionary.
    case singleQuotes = "single_quotes"
    /// `NaN` where a decision belongs.
    case nan

    /// Whether the endpoint says so at once, before a model would have worked.
    package var isImmediate: Bool {
        switch self {
        case .hang, .slowDrip, .rateLimit, .rateLimitAfter, .unavailable, .wrongModel, .expiredKey, .quota: true
        default: false
        }
    }
}
