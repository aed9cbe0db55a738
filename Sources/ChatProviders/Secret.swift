// SPDX-License-Identifier: Apache-2.0

/// A key that no description, log or error shows.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// Keeps a key.
    public init(_ value: String) {
        self.value = value
    }

    /// The key itself, for a request's header alone.
    package func reveal() -> String { value }

    /// Stars.
    public var description: String { "***" }
    /// Stars.
    public var debugDescription: String { "***" }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
