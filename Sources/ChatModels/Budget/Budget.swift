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

        static func - (left: Self, right: Self) -> Self {
            Self(dollars: left.dollars - right.dollars, tokens: left.tokens - right.tokens)
        }
    }

    private struct State {
        var run = Amount()
        var step = Amount()
        /// What the calls in flight may come to.
        var open = Amount()
        var callsInFlight = 0
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

    /// Sets aside what a call may cost at most; ``settle(_:_:)`` ends that.
    ///
    /// - Returns: What was set aside.
    /// - Throws: ``ChatModelError/Code/budget`` when it might go over a limit.
    func reserve(_ amount: Amount) throws -> Amount {
        try state.withLock { state in
            let open = state.open + amount
            if let used = excess(of: state.run + open, dollars: limits.dollars, tokens: limits.tokens, suffix: "") {
                throw ChatModelError(.budget, "the run's budget is used up: raise \(used)")
            }
            let (dollars, tokens) = (limits.dollarsPerStep, limits.tokensPerStep)
            if let used = excess(of: state.step + open, dollars: dollars, tokens: tokens, suffix: "_per_step") {
                throw ChatModelError(.budget, "the step's budget is used up: raise \(used)")
            }
            state.open = open
            state.callsInFlight += 1
            return amount
        }
    }

    /// Replaces what was set aside for a call by what the call came to.
    func settle(_ reserved: Amount, _ amount: Amount) {
        state.withLock { state in
            state.callsInFlight -= 1
            // Sums of dollars are not exact; without calls in flight nothing is set aside.
            state.open = state.callsInFlight == 0 ? Amount() : state.open - reserved
            state.run = state.run + amount
            state.step = state.step + amount
        }
    }

    /// The setting whose limit an amount is over, with its value.
    private func excess(of amount: Amount, dollars: Double?, tokens: Int?, suffix: String) -> String? {
        if let dollars, amount.dollars > dollars { return "judge.budget.dollars\(suffix) (\(dollars))" }
        if let tokens, amount.tokens > tokens { return "judge.budget.tokens\(suffix) (\(tokens))" }
        return nil
    }
}
