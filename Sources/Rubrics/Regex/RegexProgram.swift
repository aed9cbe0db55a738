// SPDX-License-Identifier: Apache-2.0

/// A nondeterministic automaton, as instructions (Thompson 1968; Pike's virtual machine).
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        /// Consumes one scalar of the class with this index.
        case scalar(Int)
        /// Goes on at both places; the first is preferred.
        case split(Int, Int)
        case jump(Int)
        case assertion(RegexAssertion)
        /// Holds where look-around number `index` does, or does not.
        case look(index: Int, isNegated: Bool)
        case match
    }

    /// A look-around's body: it is swept over the whole text once, which tells every position where it holds.
    struct Look: Sendable {
        var program: [Instruction]
        /// A look-ahead is compiled backwards and swept from the text's end to its start.
        var isAhead: Bool
    }

    fileprivate(set) var main: [Instruction] = []
    /// Inner look-arounds stand before the outer ones that use them.
    fileprivate(set) var looks: [Look] = []
    fileprivate(set) var classes: [ScalarClass] = []

    /// The most instructions an expression may have: what bounds the time for a scalar of text.
    static let limit = 10_000

    init(_ node: RegexNode) throws(RegexTooLarge) {
        var compiler = RegexCompiler()
        let main = try compiler.compile(node, backwards: false)
        self = compiler.program
        self.main = main
    }

    fileprivate init() {}
}

/// Counted repetitions made the automaton too large.
struct RegexTooLarge: Error {}

private struct RegexCompiler {
    var program = RegexProgram()
    private var code: [RegexProgram.Instruction] = []
    private var isBackwards = false
    private var size = 0

    mutating func compile(_ node: RegexNode, backwards: Bool) throws(RegexTooLarge) -> [RegexProgram.Instruction] {
        let outer = (code, isBackwards)
        (code, isBackwards) = ([], backwards)
        try emit(node)
        try append(.match)
        let compiled = code
        (code, isBackwards) = outer
        return compiled
    }

    private mutating func emit(_ node: RegexNode) throws(RegexTooLarge) {
        switch node {
        case .empty: break
        case .scalar(let scalarClass):
            program.classes.append(scalarClass)
            try append(.scalar(program.classes.count - 1))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .look(let body, let ahead, let isNegated):
            let look = RegexProgram.Look(program: try compile(body, backwards: ahead), isAhead: ahead)
            program.looks.append(look)
            try append(.look(index: program.looks.count - 1, isNegated: isNegated))
        case .sequence(let nodes):
            if isBackwards {
                for node in nodes.reversed() { try emit(node) }
            } else {
                for node in nodes { try emit(node) }
            }
        case .alternatives(let nodes): try emitAlternatives(nodes)
        case .repetition(let body, let min, let max, let isGreedy):
            try emitRepetition(of: body, min: min, max: max, isGreedy: isGreedy)
        }
    }

    private mutating func emitAlternatives(_ nodes: [RegexNode]) throws(RegexTooLarge) {
        var exits: [Int] = []
        for node in nodes.dropLast() {
            let split = try append(.match)
            try emit(node)
            exits.append(try append(.match))
            code[split] = .split(split + 1, code.count)
        }
        if let last = nodes.last { try emit(last) }
        for exit in exits { code[exit] = .jump(code.count) }
    }

    private mutating func emitRepetition(
        of body: RegexNode,
        min: Int,
        max: Int?,
        isGreedy: Bool
    ) throws(RegexTooLarge) {
        for _ in 0..<min {
            let start = code.count
            try emit(body)
            // A body without instructions is the same however often, and would never reach the limit.
            if code.count == start { break }
        }
        guard let max else {
            let split = try append(.match)
            try emit(body)
            try append(.jump(split))
            code[split] = choice(enter: split + 1, leave: code.count, isGreedy: isGreedy)
            return
        }
        var splits: [Int] = []
        for _ in min..<Swift.max(min, max) {
            splits.append(try append(.match))
            try emit(body)
        }
        for split in splits { code[split] = choice(enter: split + 1, leave: code.count, isGreedy: isGreedy) }
    }

    private func choice(enter: Int, leave: Int, isGreedy: Bool) -> RegexProgram.Instruction {
        isGreedy ? .split(enter, leave) : .split(leave, enter)
    }

    @discardableResult
    private mutating func append(_ instruction: RegexProgram.Instruction) throws(RegexTooLarge) -> Int {
        size += 1
        guard size <= RegexProgram.limit else { throw RegexTooLarge() }
        code.append(instruction)
        return code.count - 1
    }
}
