// SPDX-License-Identifier: Apache-2.0

/// Runs a program over one text in time proportional to instructions × scalars, whatever the expression.
struct RegexMatcher {
    private let program: RegexProgram
    private let text: [Unicode.Scalar]
    /// For each look-around, the positions where its body matches.
    private var looks: [[Bool]] = []

    init(_ program: RegexProgram, text: [Unicode.Scalar]) {
        self.program = program
        self.text = text
        for look in program.looks { looks.append(positions(of: look)) }
    }

    /// The leftmost match; of those, the one that a backtracking matcher would find first.
    func firstMatch() -> Range<Int>? {
        var current = Threads(capacity: program.main.count)
        var next = Threads(capacity: program.main.count)
        var found: Range<Int>?
        for position in 0...text.count {
            if found == nil { add(0, start: position, at: position, to: &current, of: program.main) }
            if current.isEmpty && found != nil { break }
            threads: for thread in current.list {
                switch program.main[thread.counter] {
                case .scalar(let index) where position < text.count && program.classes[index].contains(text[position]):
                    add(thread.counter + 1, start: thread.start, at: position + 1, to: &next, of: program.main)
                case .match:
                    found = thread.start..<position
                    break threads
                default: break
                }
            }
            swap(&current, &next)
            next.removeAll()
        }
        return found
    }

    /// Where `look` holds: a look-ahead at the positions that a backward sweep of its body reaches, a look-behind at
    /// those that a forward sweep does.
    private func positions(of look: RegexProgram.Look) -> [Bool] {
        var holds = [Bool](repeating: false, count: text.count + 1)
        var current = Threads(capacity: look.program.count)
        var next = Threads(capacity: look.program.count)
        for distance in 0...text.count {
            let position = look.isAhead ? text.count - distance : distance
            let neighbour = look.isAhead ? position - 1 : position + 1
            let consumed = look.isAhead ? position - 1 : position
            add(0, start: position, at: position, to: &current, of: look.program)
            for thread in current.list {
                switch look.program[thread.counter] {
                case .scalar(let index)
                where text.indices.contains(consumed) && program.classes[index].contains(text[consumed]):
                    add(thread.counter + 1, start: 0, at: neighbour, to: &next, of: look.program)
                case .match: holds[position] = true
                default: break
                }
            }
            swap(&current, &next)
            next.removeAll()
        }
        return holds
    }

    /// Adds the instruction at `counter` and all it reaches without consuming, in order of preference.
    private func add(
        _ counter: Int,
        start: Int,
        at position: Int,
        to threads: inout Threads,
        of code: [RegexProgram.Instruction]
    ) {
        threads.pending.append(counter)
        while let counter = threads.pending.popLast() {
            guard threads.visit(counter) else { continue }
            switch code[counter] {
            case .jump(let target): threads.pending.append(target)
            case .split(let preferred, let other):
                threads.pending.append(other)
                threads.pending.append(preferred)
            case .assertion(let assertion):
                if holds(assertion, at: position) { threads.pending.append(counter + 1) }
            case .look(let index, let isNegated):
                if looks[index][position] != isNegated { threads.pending.append(counter + 1) }
            case .scalar, .match: threads.list.append((counter, start))
            }
        }
    }

    private func holds(_ assertion: RegexAssertion, at position: Int) -> Bool {
        switch assertion {
        case .textStart: position == 0
        case .textEnd: position == text.count
        case .textEndOrFinalNewline:
            position == text.count || (position == text.count - 1 && text[position] == "\n")
        case .lineStart: position == 0 || text[position - 1] == "\n"
        case .lineEnd: position == text.count || text[position] == "\n"
        case .wordBoundary: isWordBoundary(position)
        case .noWordBoundary: !isWordBoundary(position)
        }
    }

    private func isWordBoundary(_ position: Int) -> Bool {
        let before = position > 0 && text[position - 1].isRegexWord
        let after = position < text.count && text[position].isRegexWord
        return before != after
    }
}

/// The instructions that wait at one position, in order of preference, each once.
private struct Threads {
    var list: [(counter: Int, start: Int)] = []
    var pending: [Int] = []
    private var stamps: [UInt32]
    private var stamp: UInt32 = 1

    init(capacity: Int) {
        stamps = [UInt32](repeating: 0, count: capacity)
    }

    var isEmpty: Bool { list.isEmpty }

    mutating func visit(_ counter: Int) -> Bool {
        guard stamps[counter] != stamp else { return false }
        stamps[counter] = stamp
        return true
    }

    mutating func removeAll() {
        list.removeAll(keepingCapacity: true)
        stamp &+= 1
    }
}
