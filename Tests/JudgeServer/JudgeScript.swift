// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Rubrics

/// Plays a judge: turns each request into what becomes of it.
struct JudgeScript: Sendable {
    private let behavior: JudgeBehavior
    private let limiter: RateLimiter
    private let created: Int

    /// `created` is the time of answers in seconds since 1970.
    init(_ behavior: JudgeBehavior, created: Int) {
        self.behavior = behavior
        self.created = created
        limiter = RateLimiter(behavior.limits)
    }

    /// What becomes of a request.
    @Sendable func decision(for request: ScriptedServer.Request, _ entry: RequestLog.Entry) -> ScriptedServer.Decision {
        guard let call = ChatCall(request) else { return ScriptedServer.Decision(reaction: elsewhere(request)) }
        if let complaint = call.complaint {
            return ScriptedServer.Decision(reaction: .failure(400, "invalid_request_error", complaint))
        }
        if let limit = behavior.limits.maxInFlight, entry.inFlight > limit {
            return ScriptedServer.Decision(reaction: .rateLimited(after: nil, headers: []))
        }
        let promptTokens = max(1, request.byteCount / 4)
        let admission = limiter.admit(tokens: promptTokens, at: entry.arrival)
        if let wait = admission.retryAfter {
            return ScriptedServer.Decision(reaction: .rateLimited(after: wait, headers: admission.headers))
        }
        return decision(for: call, entry, promptTokens, admission.headers)
    }

    private func decision(
        for call: ChatCall,
        _ entry: RequestLog.Entry,
        _ promptTokens: Int,
        _ headers: [(String, String)]
    ) -> ScriptedServer.Decision {
        var draws = SplitMix64(seed: behavior.seed, path: entry.hash, UInt64(entry.attempt))
        let fault = behavior.faults.fault(call: entry.number, attempt: entry.attempt, draw: draws.uniform())
        let delay = behavior.latency + behavior.jitter * draws.uniform()
        let reaction =
            endpointFailure(fault, call, headers)
            ?? reply(to: call, fault: fault, promptTokens: promptTokens, headers: headers)
        let isImmediate = delay <= .zero || fault?.isImmediate == true
        return ScriptedServer.Decision(reaction: isImmediate ? reaction : .delayed(delay, reaction), fault: fault)
    }

    private func elsewhere(_ request: ScriptedServer.Request) -> ScriptedServer.Reaction {
        guard request.method == .GET, request.hasPath("/models") else {
            return .failure(
                404,
                "invalid_request_error",
                "Unknown request URL: \(request.method.rawValue) \(request.path)"
            )
        }
        let model: JSONValue = [
            "id": "scripted-judge", "object": "model", "created": .integer(created), "owned_by": "scripted",
        ]
        let body: JSONValue = ["object": "list", "data": [model]]
        return .answer(status: 200, headers: [], body: body.serialized())
    }

    /// What a fault of the endpoint, not of the answer's content, does.
    private func endpointFailure(
        _ fault: Fault?,
        _ call: ChatCall,
        _ headers: [(String, String)]
    ) -> ScriptedServer.Reaction? {
        switch fault {
        case .hang: .hang
        case .slowDrip: .drip(every: behavior.dripInterval)
        case .reset: .reset
        case .rateLimit: .rateLimited(after: nil, headers: headers)
        case .rateLimitAfter: .rateLimited(after: behavior.retryAfter, headers: headers)
        case .serverError: .failure(500, "server_error", "The server had an error.", headers: headers)
        case .unavailable: .failure(503, "overloaded_error", "The engine is overloaded.", headers: headers)
        case .html: .page(502)
        case .htmlOK: .page(200)
        case .wrongModel:
            .failure(404, "invalid_request_error", code: "model_not_found", "The model \(call.model) does not exist.")
        case .expiredKey:
            .failure(401, "authentication_error", code: "invalid_api_key", "Incorrect API key provided.")
        case .quota:
            .failure(
                429,
                "insufficient_quota",
                code: "insufficient_quota",
                "You exceeded your current quota, please check your plan and billing details."
            )
        default: nil
        }
    }

    /// A whole answer, its content spoiled as a fault says.
    private func reply(
        to call: ChatCall,
        fault: Fault?,
        promptTokens: Int,
        headers: [(String, String)]
    ) -> ScriptedServer.Reaction {
        let tool = behavior.ignoresSchema ? nil : call.tool
        let answer = answer(to: behavior.ignoresSchema ? nil : tool?.schema ?? call.schema, call, fault)
        limiter.charge(tokens: answer.tokenCount * call.choices)
        let body = ReplyBody(
            call: call,
            answer: answer,
            tool: tool?.name,
            promptTokens: promptTokens,
            created: created,
            givesLogprobs: behavior.givesLogprobs
        )
        let text = body.json.serialized()
        return fault == .truncatedBody ? .truncated(text) : .answer(status: 200, headers: headers, body: text)
    }

    private func answer(to schema: JSONValue?, _ call: ChatCall, _ fault: Fault?) -> JudgeAnswer {
        var hash = StableHash()
        hash.combine(behavior.seed)
        // Asked again with a complaint, the judge says what it would have said.
        hash.combine(call.questionHash)
        let rubrics = RubricScript(behavior.rubrics, seed: behavior.seed)
        if let schema, let answer = rubrics.answer(to: schema, call, fault: fault) { return answer }
        if let schema { return JudgeAnswer(to: schema, seed: hash.value, fault: fault) }
        return switch behavior.plain {
        case .schema(let schema): JudgeAnswer(to: schema, seed: hash.value, fault: fault)
        case .text(let text): JudgeAnswer(text, fault: fault)
        }
    }
}
