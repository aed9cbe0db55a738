// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Endpoints that serve the same model: each attempt goes to the least loaded one that is in health.
public final class EndpointPool<Time: Clock>: Sendable where Time.Duration == Duration {
    /// One endpoint of a pool.
    public struct Member: Sendable {
        /// Answers in one attempt.
        public var model: any ChatModel
        /// How hard it may be used.
        public var limits: EndpointLimits

        /// Makes a member.
        public init(_ model: any ChatModel, limits: EndpointLimits = EndpointLimits()) {
            self.model = model
            self.limits = limits
        }
    }

    /// The name that records carry: the first member's model.
    let name: String
    /// What every member can do.
    let features: ChatFeatures
    /// The number of members.
    var count: Int { models.count }

    private let models: [any ChatModel]
    private let gates: [EndpointGate<Time>]
    private let health: Mutex<[EndpointHealth]>
    private let clock: Time
    private let origin: Time.Instant

    /// Makes a pool.
    ///
    /// - Parameters:
    ///   - members: At least one; all serve the same model.
    ///   - clock: What waits.
    public init(_ members: [Member], clock: Time) {
        precondition(!members.isEmpty, "a pool has at least one endpoint")
        models = members.map(\.model)
        name = members[0].model.name
        features = members.reduce(members[0].model.features) { $0.intersection($1.model.features) }
        gates = members.map { EndpointGate($0.limits, clock: clock) }
        health = Mutex(members.map { _ in EndpointHealth() })
        self.clock = clock
        origin = clock.now
    }

    /// What became of one attempt.
    struct Attempt: Sendable {
        var outcome: Result<ChatReply, ChatModelError>
        /// How long it took, once it was let through.
        var duration: Duration
    }

    /// The least loaded endpoint that is in health and asks for no pause; where none is, the one that is due first.
    ///
    /// - Parameter avoided: An endpoint to leave out where there is another.
    /// - Returns: The endpoint's place in the pool.
    func choose(avoiding avoided: Int? = nil) -> Int {
        guard models.count > 1 else { return 0 }
        let health = health.withLock(\.self)
        let places = models.indices.filter { $0 != avoided }
        let dues = Dictionary(
            uniqueKeysWithValues: places.map { ($0, max(health[$0].asideUntil - now, gates[$0].pauseLeft)) }
        )
        let usable = places.filter { dues[$0, default: 0] <= 0 }
        guard usable.isEmpty else { return usable.min { gates[$0].load < gates[$1].load } ?? usable[0] }
        return places.min { dues[$0, default: 0] < dues[$1, default: 0] } ?? 0
    }

    /// Waits until an endpoint's limits let an attempt through.
    ///
    /// - Parameters:
    ///   - place: The endpoint.
    ///   - request: The request.
    ///   - longestPause: The longest pause of the endpoint's that is waited for.
    /// - Returns: The pass for ``attempt(at:_:pass:deadline:)``, which has to follow.
    /// - Throws: `CancellationError`; ``ChatModelError/Code/rateLimited`` where the endpoint asks for a longer pause.
    func enter(_ place: Int, _ request: ChatRequest, longestPause: Duration) async throws -> EndpointGate<Time>.Pass {
        let largest = request.largestUsage
        return try await gates[place].enter(tokens: largest.input + largest.output, longestPause: longestPause)
    }

    /// Makes one attempt that was let through.
    ///
    /// - Parameters:
    ///   - place: The endpoint.
    ///   - request: The request.
    ///   - pass: What ``enter(_:_:longestPause:)`` gave.
    ///   - deadline: How long the attempt may take.
    /// - Returns: What became of it.
    /// - Throws: `CancellationError`, and what is no failure of an endpoint.
    func attempt(
        at place: Int,
        _ request: ChatRequest,
        pass: EndpointGate<Time>.Pass,
        deadline: Duration
    ) async throws -> Attempt {
        let (gate, model) = (gates[place], models[place])
        let start = clock.now
        let outcome: Result<ChatReply, any Error>
        do {
            outcome = .success(try await reply(of: model, to: request, within: deadline))
        } catch {
            outcome = .failure(error)
        }
        gate.leave(pass, outcome: outcome)
        try Task.checkCancellation()
        health.withLock { $0[place].note(outcome, at: now) }
        return try Attempt(outcome: outcome.chatOutcome, duration: start.duration(to: clock.now))
    }

    private func reply(
        of model: any ChatModel,
        to request: ChatRequest,
        within deadline: Duration
    ) async throws -> ChatReply {
        guard model.features.contains(.deadlines) else {
            return try await withDeadline(deadline, on: clock) { try await model.reply(to: request) }
        }
        var request = request
        request.deadline = deadline
        return try await model.reply(to: request)
    }

    private var now: Double { origin.duration(to: clock.now).inSeconds }
}

extension Result<ChatReply, any Error> {
    fileprivate var chatOutcome: Result<ChatReply, ChatModelError> {
        get throws {
            switch self {
            case .success(let reply): return .success(reply)
            case .failure(let error as ChatModelError): return .failure(error)
            case .failure(let error): throw error
            }
        }
    }
}
