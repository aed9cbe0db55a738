// SPDX-License-Identifier: Apache-2.0

/// What went wrong with the hub or its files.
public struct HubError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    public struct Code: Sendable, Hashable {
        private enum Value: Sendable, Hashable {
            case invalidAddress
        }

        private var value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// A text that is no address.
        public static var invalidAddress: Self { .init(.invalidAddress) }
    }

    /// The kind.
    public var code: Code
    /// What is wrong, and the way out.
    public var message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
