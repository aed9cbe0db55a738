// SPDX-License-Identifier: Apache-2.0

/// Reads a regular expression into a tree: alternatives of sequences of quantified atoms.
struct RegexParser {
    struct Flags {
        var ignoresCase = false
        var multiline = false
        var dotMatchesNewline = false
        var extended = false
    }

    var cursor: RegexCursor
    var flags = Flags()
    private var depth = 0

    /// How deep groups may nest, so that no expression exhausts the stack.
    private static let maximumDepth = 100
    /// The largest count in `{m,n}`.
    private static let maximumCount = 1_000

    init(_ pattern: String) {
        cursor = RegexCursor(pattern)
    }

    mutating func parse() throws -> RegexNode {
        let node = try parseAlternatives()
        guard cursor.isAtEnd else { throw cursor.error("this `)` closes no group; write `\\)` for the character") }
        return node
    }

    private mutating func parseAlternatives() throws -> RegexNode {
        var alternatives = [try parseSequence()]
        while cursor.take("|") { alternatives.append(try parseSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func parseSequence() throws -> RegexNode {
        var nodes: [RegexNode] = []
        while let scalar = cursor.peek, scalar != "|", scalar != ")" {
            if flags.extended, skipExtendedSpace() { continue }
            nodes.append(try parseQuantified())
        }
        return .sequence(nodes)
    }

    /// Skips white space and comments under `(?x)`.
    private mutating func skipExtendedSpace() -> Bool {
        guard let scalar = cursor.peek else { return false }
        if scalar == "#" {
            while let next = cursor.next(), next != "\n" {}
            return true
        }
        guard scalar.properties.isWhitespace else { return false }
        cursor.advance()
        return true
    }

    private mutating func parseQuantified() throws -> RegexNode {
        let start = cursor.offset
        var node = try parseAtom()
        while let bounds = try parseBounds() {
            if case .repetition = node {
                throw cursor.error("one quantifier follows another; group the first", at: start)
            }
            let suffix = cursor.offset
            if cursor.take("+") {
                let message = "possessive quantifiers are not supported; matching takes linear time without them"
                throw cursor.error(message, at: suffix)
            }
            node = .repetition(node, min: bounds.min, max: bounds.max, isGreedy: !cursor.take("?"))
        }
        return node
    }

    private mutating func parseBounds() throws -> (min: Int, max: Int?)? {
        if cursor.take("*") { return (0, nil) }
        if cursor.take("+") { return (1, nil) }
        if cursor.take("?") { return (0, 1) }
        let start = cursor.offset
        guard cursor.take("{") else { return nil }
        let min = cursor.takeInteger()
        var max = min
        if cursor.take(",") { max = cursor.takeInteger() } else if min == nil { return literalBrace(at: start) }
        guard cursor.take("}") else { return literalBrace(at: start) }
        if Swift.max(min ?? 0, max ?? 0) > Self.maximumCount {
            throw cursor.error("counts end at \(Self.maximumCount)", at: start)
        }
        if let min, let max, max < min { throw cursor.error("the counts are in the wrong order", at: start) }
        return (min ?? 0, max)
    }

    /// A `{` that starts no count stands for itself.
    private mutating func literalBrace(at offset: Int) -> (min: Int, max: Int?)? {
        cursor.offset = offset
        return nil
    }

    private mutating func parseAtom() throws -> RegexNode {
        let start = cursor.offset
        guard let scalar = cursor.next() else { return .empty }
        switch scalar {
        case "(": return try parseGroup(at: start)
        case "[": return .scalar(try parseClass(at: start))
        case ".": return .scalar(dot)
        case "^": return .assertion(flags.multiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.multiline ? .lineEnd : .textEndOrFinalNewline)
        case "\\": return try parseEscape(at: start)
        case "*", "+", "?": throw cursor.error("nothing stands before `\(scalar)` to repeat", at: start)
        default: return literal(scalar)
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexNode {
        .scalar(ScalarClass([.range(scalar.value...scalar.value)], ignoresCase: flags.ignoresCase))
    }

    private var dot: ScalarClass {
        flags.dotMatchesNewline ? ScalarClass([], isNegated: true) : ScalarClass([.range(10...10)], isNegated: true)
    }

    // MARK: - Groups

    private mutating func parseGroup(at start: Int) throws -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw cursor.error("groups nest too deep", at: start) }
        let outer = flags
        var kind = GroupKind.plain
        if cursor.take("?") { kind = try parseGroupKind(at: start) }
        if case .flags = kind { return .empty }
        let body = try parseAlternatives()
        flags = outer
        guard cursor.take(")") else { throw cursor.error("this group is not closed", at: start) }
        if case .look(let ahead, let isNegated) = kind { return .look(body, ahead: ahead, isNegated: isNegated) }
        return body
    }

    private enum GroupKind {
        case plain
        case look(ahead: Bool, isNegated: Bool)
        /// `(?i)`: the flags hold until the enclosing group ends.
        case flags
    }

    private mutating func parseGroupKind(at start: Int) throws -> GroupKind {
        if cursor.take(":") { return .plain }
        if cursor.take("=") { return .look(ahead: true, isNegated: false) }
        if cursor.take("!") { return .look(ahead: true, isNegated: true) }
        if cursor.take("<=") { return .look(ahead: false, isNegated: false) }
        if cursor.take("<!") { return .look(ahead: false, isNegated: true) }
        if cursor.take("P<") || cursor.take("<") { return try skipGroupName(at: start) }
        if cursor.take("#") {
            while let next = cursor.next(), next != ")" {}
            return .flags
        }
        if cursor.take(">") {
            throw cursor.error("atomic groups are not supported; matching takes linear time without them", at: start)
        }
        return try parseFlags(at: start)
    }

    private mutating func skipGroupName(at start: Int) throws -> GroupKind {
        while let next = cursor.next() {
            if next == ">" { return .plain }
            guard next.isRegexWord else { break }
        }
        throw cursor.error("a group's name is letters and digits between `<` and `>`", at: start)
    }

    private mutating func parseFlags(at start: Int) throws -> GroupKind {
        var value = true
        while let scalar = cursor.next() {
            switch scalar {
            case "i": flags.ignoresCase = value
            case "m": flags.multiline = value
            case "s": flags.dotMatchesNewline = value
            case "x": flags.extended = value
            case "u", "U", "a": break
            case "-" where value: value = false
            case ")": return .flags
            case ":": return .plain
            default: throw cursor.error("`(?` is followed by none of `: = ! < i m s x`", at: start)
            }
        }
        throw cursor.error("this group is not closed", at: start)
    }
}
