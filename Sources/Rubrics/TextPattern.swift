// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A regular expression over Unicode scalars whose work is bounded.
///
/// The engine is ICU's, because it can be stopped: a pattern that backtracks without end on some completion would
/// otherwise stop training. The bound counts the engine's steps and reads no clock, so that the same text gives the same
/// answer on a busy machine.
package struct TextPattern: Sendable {
    /// What a search found.
    package enum Finding: Sendable, Hashable {
        /// The first match.
        case match(Range<String.Index>)
        case noMatch
        /// The pattern needed more steps on this text than ``maximumSteps``.
        case tooManySteps
    }

    /// How many times 10,000 backtracking steps a search may take: about half a second on a machine of 2025.
    package static let maximumSteps = 2500

    private let expression: NSRegularExpression

    /// Compiles a pattern in ICU's syntax.
    ///
    /// - Throws: ``InvalidPattern`` that says what is wrong.
    package init(_ pattern: String) throws {
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            throw InvalidPattern(pattern: pattern)
        }
    }

    /// The first match in `text`.
    package func firstMatch(in text: String) -> Finding {
        var finding = Finding.noMatch
        var steps = 0
        let range = NSRange(location: 0, length: text.utf16.count)
        expression.enumerateMatches(in: text, options: .reportProgress, range: range) { match, _, stop in
            if let match {
                finding = .match(Self.indices(of: match.range, in: text))
                stop.pointee = true
                return
            }
            steps += 1
            if steps > Self.maximumSteps {
                finding = .tooManySteps
                stop.pointee = true
            }
        }
        return finding
    }

    /// Foundation's own conversion gives `nil` where a match ends inside a character, for example between CR and LF.
    private static func indices(of range: NSRange, in text: String) -> Range<String.Index> {
        let start = text.utf16.index(text.startIndex, offsetBy: range.location)
        return start..<text.utf16.index(start, offsetBy: range.length)
    }
}

/// A pattern that is no regular expression.
package struct InvalidPattern: Error, CustomStringConvertible {
    /// The pattern.
    package let pattern: String

    /// What is wrong with it, as far as can be told.
    package var description: String {
        // ICU's own message says only that the value is invalid; the Swift parser knows where.
        do {
            _ = try Regex(pattern)
            return "it is not a regular expression in ICU's syntax"
        } catch {
            return "\(error)"
        }
    }
}
