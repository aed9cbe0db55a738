// SPDX-License-Identifier: Apache-2.0

extension RegexParser {
    /// What a backslash makes of the scalar after it.
    private enum Escape {
        case scalar(Unicode.Scalar)
        case member(ScalarClass.Member)
        case assertion(RegexAssertion)
    }

    mutating func parseEscape(at start: Int) throws -> RegexNode {
        switch try readEscape(at: start) {
        case .scalar(let scalar): literal(scalar)
        case .member(let member): .scalar(ScalarClass([member]))
        case .assertion(let assertion): .assertion(assertion)
        }
    }

    /// Reads a bracketed class; its `[` is taken already.
    mutating func parseClass(at start: Int) throws -> ScalarClass {
        let isNegated = cursor.take("^")
        var members: [ScalarClass.Member] = []
        repeat {
            guard !cursor.isAtEnd else { throw cursor.error("this class is not closed", at: start) }
            members.append(try parseMember(in: start))
        } while !cursor.take("]")
        return ScalarClass(members, isNegated: isNegated, ignoresCase: flags.ignoresCase)
    }

    private mutating func parseMember(in start: Int) throws -> ScalarClass.Member {
        let offset = cursor.offset
        if cursor.take("[:") {
            throw cursor.error("named classes are not supported; write \\d, \\w, \\s or \\p{…}", at: offset)
        }
        guard let low = try parseBound(in: start) else { return try readMember(at: offset) }
        let dash = cursor.offset
        guard cursor.take("-"), let next = cursor.peek, next != "]" else {
            cursor.offset = dash
            return .range(low.value...low.value)
        }
        guard let high = try parseBound(in: start), high >= low else {
            throw cursor.error("this range ends before it starts", at: offset)
        }
        return .range(low.value...high.value)
    }

    /// One scalar of a class, or `nil` where a set such as `\d` stands.
    private mutating func parseBound(in start: Int) throws -> Unicode.Scalar? {
        let offset = cursor.offset
        guard let scalar = cursor.next() else { throw cursor.error("this class is not closed", at: start) }
        guard scalar == "\\" else { return scalar }
        if cursor.take("b") { return "\u{8}" }
        if case .scalar(let escaped) = try readEscape(at: offset) { return escaped }
        cursor.offset = offset
        return nil
    }

    private mutating func readMember(at offset: Int) throws -> ScalarClass.Member {
        cursor.advance()
        guard case .member(let member) = try readEscape(at: offset) else {
            throw cursor.error("this escape has no place in a class", at: offset)
        }
        return member
    }

    // MARK: - Escapes

    private mutating func readEscape(at start: Int) throws -> Escape {
        guard let scalar = cursor.next() else { throw cursor.error("a backslash ends the expression", at: start) }
        if let escape = Self.fixedEscapes[scalar] { return escape }
        switch scalar {
        case "x", "u", "U": return .scalar(try readCodePoint(after: scalar, at: start))
        case "p": return .member(try readProperty(at: start))
        case "P": return .member(.not(try readProperty(at: start)))
        case "1"..."9", "k":
            throw cursor.error("backreferences are not supported; matching takes linear time without them", at: start)
        case _ where scalar.isRegexWord && scalar != "_":
            throw cursor.error("unknown escape `\\\(scalar)`", at: start)
        default: return .scalar(scalar)
        }
    }

    private static let fixedEscapes: [Unicode.Scalar: Escape] = [
        "d": .member(.digit), "D": .member(.not(.digit)),
        "w": .member(.word), "W": .member(.not(.word)),
        "s": .member(.space), "S": .member(.not(.space)),
        "b": .assertion(.wordBoundary), "B": .assertion(.noWordBoundary),
        "A": .assertion(.textStart), "z": .assertion(.textEnd), "Z": .assertion(.textEndOrFinalNewline),
        "n": .scalar("\n"), "t": .scalar("\t"), "r": .scalar("\r"), "f": .scalar("\u{C}"), "v": .scalar("\u{B}"),
        "e": .scalar("\u{1B}"), "a": .scalar("\u{7}"), "0": .scalar("\0"),
    ]

    private mutating func readCodePoint(after letter: Unicode.Scalar, at start: Int) throws -> Unicode.Scalar {
        let value: UInt32?
        if cursor.take("{") {
            value = cursor.takeHexadecimal(upTo: 6)
            guard cursor.take("}") else { throw cursor.error("a code point in braces ends with `}`", at: start) }
        } else {
            let width = letter == "x" ? 2 : letter == "u" ? 4 : 8
            let first = cursor.offset
            value = cursor.takeHexadecimal(upTo: width)
            guard cursor.offset - first == width else {
                throw cursor.error("`\\\(letter)` takes \(width) hexadecimal digits, or some in braces", at: start)
            }
        }
        guard let value, let scalar = Unicode.Scalar(value) else {
            throw cursor.error("this is no Unicode scalar", at: start)
        }
        return scalar
    }

    private mutating func readProperty(at start: Int) throws -> ScalarClass.Member {
        var name = ""
        if cursor.take("{") {
            while let scalar = cursor.next(), scalar != "}" { name.unicodeScalars.append(scalar) }
        } else if let scalar = cursor.next() {
            name.unicodeScalars.append(scalar)
        }
        guard let categories = ScalarCategories.named(name) else {
            throw cursor.error("`\(name)` is no general category such as L, Lu or Nd", at: start)
        }
        return .categories(categories)
    }
}
