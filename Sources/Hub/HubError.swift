// SPDX-License-Identifier: Apache-2.0

/// What went wrong with the hub or its files.
public struct HubError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable {
            case invalidAddress, unreachable, serverError, rateLimited, unauthorized, gated, notFound, rejected
            case malformed, damaged, unsafePath, notCached, queryFailed
        }

        private var value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// A text that is no address.
        public static var invalidAddress: Self { .init(.invalidAddress) }
        /// No connection, or one that broke.
        public static var unreachable: Self { .init(.unreachable) }
        /// The hub says that it is at fault (5xx).
        public static var serverError: Self { .init(.serverError) }
        /// Too many requests.
        public static var rateLimited: Self { .init(.rateLimited) }
        /// A token is missing, or is not accepted.
        public static var unauthorized: Self { .init(.unauthorized) }
        /// The repository's terms have to be accepted first.
        public static var gated: Self { .init(.gated) }
        /// No such repository, revision or file.
        public static var notFound: Self { .init(.notFound) }
        /// Any other answer that is no success.
        public static var rejected: Self { .init(.rejected) }
        /// An answer that cannot be read.
        public static var malformed: Self { .init(.malformed) }
        /// A file that does not hold what the hub says it holds.
        public static var damaged: Self { .init(.damaged) }
        /// A file name that leads out of its folder.
        public static var unsafePath: Self { .init(.unsafePath) }
        /// The hub cannot be reached and the cache does not hold what is needed.
        public static var notCached: Self { .init(.notCached) }
        /// DuckDB is missing, or cannot read a file.
        public static var queryFailed: Self { .init(.queryFailed) }
    }

    /// The kind.
    public var code: Code
    /// What is wrong, and the way out.
    public var message: String
    /// How long the hub asks to wait.
    public var retryAfter: Duration?

    /// Makes an error.
    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// The message.
    public var description: String { message }

    /// Whether the same request may succeed later.
    package var isTransient: Bool { [.unreachable, .serverError, .rateLimited].contains(code) }
}
