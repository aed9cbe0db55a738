// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What calls may cost, for a run and for a step of it. Reserved when a call starts, settled when it ends.
public final class Budget: Sendable {
    /// The most that may be spent; `nil` for any amount.
    public struct Limits: Sendable, Hashable {
        /// US dollars a run.
        public var dollars: Double?
        /// Tokens a run, read and written.
        public var tokens: Int?
        /// US dollars a step.
        public var dollarsPerStep: Double?
        /// Tokens a step.
        public var tokensPerStep: Int?

        /// Makes limits.
        public init(
            dollars: Double? = nil,
            tokens: Int? = nil,
            dollarsPerStep: Double? = nil,
            tokensPerStep: Int? = nil
        ) {
            self.dollars = dollars
            self.tokens = tokens
            self.dollarsPerStep = dollarsPerStep
            self.tokensPerStep = tokensPerStep
        }
    }

    /// Money and tokens.
    struct Amount: Sendable, Hashable {
        var dollars = 0.0
        var tokens = 0

        static func + (left: Self, right: Self) -> Self {
            Self(dollars: left.dollars + right.dollars, tokens: left.tokens + right.tokens)
        }
    }

    private struct State {
        var run = Amount()
        var step = Amount()
        var reserved: [Int: Amount] = [:]
        var next = 0
    }

    private let limits: Limits
    private let state: Mutex<State>

    /// Opens a budget.
    ///
    /// - Parameters:
    ///   - limits: The most that may be spent.
    ///   - dollars: What the run has spent before.
    ///   - tokens: The tokens that the run has used before.
    public init(_ limits: Limits, spent dollars: Double = 0, tokens: Int = 0) {
        self.limits = limits
        state = Mutex(State(run: Amount(dollars: dollars, tokens: tokens)))
    }

    /// What the run has spent, in US dollars.
    public var dollars: Double { state.withLock { $0.run.dollars } }
    /// The tokens that the run has used.
    public var tokens: Int { state.withLock { $0.run.tokens } }

    /// Begins a step, whose own limits count from here.
    public func beginStep() {
        state.withLock { $0.step = Amount() }
    }

    /// Sets aside what a call may cost at most.
    ///
    /// - Returns: The reservation.
    /// - Throws: ``ChatModelError/Code/budget`` when it might go over a limit.
    func reserve(_ amount: Amount) throws -> Int {
        try state.withLock { state in
            let open = state.reserved.values.reduce(amount, +)
            if let excess = excess(of: state.run + open, limits.dollars, limits.tokens) {
                throw ChatModelError(.budget, "the run's budget of \(excess) is used up: raise judge.budget to go on")
            }
            if let excess = excess(of: state.step + open, limits.dollarsPerStep, limits.tokensPerStep) {
                throw ChatModelError(.budget, "the step's budget of \(excess) is used up: raise judge.budget to go on")
            }
            state.next += 1
            state.reserved[state.next] = amount
            return state.next
        }
    }

    /// Replaces a reservation by what the call came to.
    func settle(_ reservation: Int, _ amount: Amount) {
        state.withLock { state in
            state.reserved[reservation] = nil
            state.run = state.run + amount
            state.step = state.step + amount
        }
    }

    private func excess(of amount: Amount, _ dollars: Double?, _ tokens: Int?) -> String? {
        if let dollars, amount.dollars > dollars { return "$\(dollars)" }
        if let tokens, amount.tokens > tokens { return "\(tokens) tokens" }
        return nil
    }
}
