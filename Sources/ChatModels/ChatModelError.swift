// SPDX-License-Identifier: Apache-2.0

/// Why a chat model did not answer.
public struct ChatModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; each has one cause in a verdict's failure.
    public struct Code: Sendable, Hashable {
        private enum Value: String, CaseIterable {
            case timeout, connection
            case rateLimited = "rate_limited"
            case serverError = "server_error"
            case auth, quota, budget, refusal
            case contentFilter = "content_filter"
            case contextOverflow = "context_overflow"
            case malformed, rejected, unrecorded
        }

        private var value: Value

        /// The word that files use.
        public var name: String { value.rawValue }

        /// The code of a word; `nil` for an unknown one.
        public init?(name: String) {
            guard let value = Value(rawValue: name) else { return nil }
            self.value = value
        }

        private init(value: Value) {
            self.value = value
        }

        /// The call's or the attempt's deadline passed.
        public static let timeout = Code(value: .timeout)
        /// The endpoint could not be reached, or the connection broke.
        public static let connection = Code(value: .connection)
        /// The endpoint asks for fewer requests or tokens a minute.
        public static let rateLimited = Code(value: .rateLimited)
        /// The endpoint failed (5xx, 408, 409).
        public static let serverError = Code(value: .serverError)
        /// The key is missing, wrong or expired.
        public static let auth = Code(value: .auth)
        /// The account has nothing left.
        public static let quota = Code(value: .quota)
        /// Our own budget has nothing left.
        public static let budget = Code(value: .budget)
        /// The model declined to answer.
        public static let refusal = Code(value: .refusal)
        /// The endpoint's filter held the prompt or the answer back.
        public static let contentFilter = Code(value: .contentFilter)
        /// The prompt is longer than the model's context.
        public static let contextOverflow = Code(value: .contextOverflow)
        /// The endpoint's answer is not of its protocol.
        public static let malformed = Code(value: .malformed)
        /// The endpoint does not accept such a request: an unknown model or option.
        public static let rejected = Code(value: .rejected)
        /// The call is not in the record, and no endpoint may be asked.
        public static let unrecorded = Code(value: .unrecorded)
    }

    /// The kind of failure.
    public var code: Code
    /// What went wrong and what to do, without keys and prompts.
    public var message: String
    /// The HTTP status, where there was one.
    public var status: Int?
    /// How long the endpoint asks to wait.
    public var retryAfter: Duration?
    /// What the endpoint says of its limits.
    public var limits: RateLimits?
    /// The call in the record; `nil` where calls are not recorded.
    public var key: CallKey?

    /// Makes an error.
    public init(_ code: Code, _ message: String, status: Int? = nil, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
    }

    /// Whether the same call may succeed later: what lies with the way to the endpoint, not with the call or the account.
    public var isTransient: Bool {
        [.timeout, .connection, .rateLimited, .serverError].contains(code)
    }

    /// One line.
    public var description: String { message }
}
