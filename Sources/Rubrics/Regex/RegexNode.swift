// SPDX-License-Identifier: Apache-2.0

/// A parsed regular expression.
indirect enum RegexNode: Sendable {
    case empty
    case scalar(ScalarClass)
    case assertion(RegexAssertion)
    case look(RegexNode, ahead: Bool, isNegated: Bool)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    case repetition(RegexNode, min: Int, max: Int?, isGreedy: Bool)
}

/// A condition on a position that consumes nothing.
enum RegexAssertion: Sendable {
    case textStart
    case textEnd
    /// The end, or just before a newline that ends the text: `$` without `(?m)`, and `\Z`.
    case textEndOrFinalNewline
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
}
