// SPDX-License-Identifier: Apache-2.0

/// A regular expression that cannot be used, with the place in it.
package struct RegexError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole expression.
    package var pattern: String
    /// Where it goes wrong, in Unicode scalars from its start.
    package var offset: Int
    /// What is wrong and what to write instead.
    package var message: String

    /// Makes an error at `offset` of `pattern`.
    package init(pattern: String, offset: Int, message: String) {
        self.pattern = pattern
        self.offset = offset
        self.message = message
    }

    /// One line: the expression, the place and the remedy.
    package var description: String {
        "regular expression \"\(pattern)\", character \(offset + 1): \(message)"
    }
}
