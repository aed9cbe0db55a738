// SPDX-License-Identifier: Apache-2.0

/// A regular expression over Unicode scalars that takes linear time, so no expression and no text can hang a judge.
///
/// The syntax is what Perl, Python and ICU share: literals, `.`, classes `[^a-z\d]`, groups `( )`, `(?: )`,
/// `(?<name> )`, alternation, `* + ? {m,n}` and their lazy forms, `^ $ \A \z \Z \b \B`, `\d \w \s` and their negations,
/// `\p{Lu}`, `\x41 \u0041 \u{1F600}`, the flags `(?i) (?m) (?s) (?x)` for the rest of a group or as `(?i: )`, and
/// look-ahead and look-behind. Backreferences, atomic groups and possessive quantifiers are refused: they are what
/// cannot be done in linear time. `(?m)` and `.` know one newline, `\n`.
package struct CompiledRegex: Sendable {
    /// The expression's text.
    package let pattern: String
    private let program: RegexProgram

    /// Compiles an expression.
    ///
    /// - Throws: ``RegexError`` naming the place, when the expression is malformed, unsupported or too large.
    package init(_ pattern: String) throws {
        self.pattern = pattern
        var parser = RegexParser(pattern)
        let node = try parser.parse()
        do {
            program = try RegexProgram(node)
        } catch {
            let message = "counted repetitions make it too large; use smaller counts"
            throw RegexError(pattern: pattern, offset: 0, message: message)
        }
    }

    /// The leftmost match in `text`, as offsets of its scalars.
    ///
    /// - Complexity: O(size of the expression × length of the text).
    package func firstMatch(in text: [Unicode.Scalar]) -> Range<Int>? {
        RegexMatcher(program, text: text).firstMatch()
    }
}
