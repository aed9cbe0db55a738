// SPDX-License-Identifier: Apache-2.0

import ChatModels
import JudgeServer
import Judging
import Rewards
import Rubrics
import TestSupport
import Testing

/// What a policy's text can bring a judge to, so that there is no verdict.
private enum BrokenReply: String, CaseIterable, CustomTestStringConvertible {
    case refusalText = "refusal as text"
    case refusalField = "refusal as a field"
    case contentFilter = "content filter"
    case contextOverflow = "context overflow"
    case requestTooLarge = "request too large"
    case empty = "empty reply"
    case endlessThinking = "thinking up to the limit"
    case truncated = "truncated JSON"
    case prose
    case offMenu = "off the menu"

    var testDescription: String { rawValue }

    var reaction: ScriptedServer.Reaction {
        switch self {
        case .refusalText: .completion("I'm sorry, but I can't help with that.")
        case .refusalField: choice(["content": nil, "refusal": "I can't help with that."], finish: "stop")
        case .contentFilter: choice(["content": ""], finish: "content_filter")
        case .contextOverflow: error(400, code: "context_length_exceeded")
        case .requestTooLarge: error(413, code: "request_too_large")
        case .empty: .completion("")
        case .endlessThinking: choice(["content": nil, "reasoning_content": "Hm, hm, hm"], finish: "length")
        case .truncated:
            choice(["content": #"{"reason": "The response says {'met': 'yes', 'rating': 10"#], finish: "length")
        case .prose: .completion("I would give this a 10 out of 10; every criterion is met.")
        case .offMenu: .completion(#"{"reason": "", "met": "maybe", "rating": 11, "better": "C", "ranking": ["r9"]}"#)
        }
    }

    private func choice(_ message: JSONObject, finish: String) -> ScriptedServer.Reaction {
        let choice: JSONValue = ["index": 0, "message": .object(message), "finish_reason": .string(finish)]
        return .answer(status: 200, headers: [], body: (["choices": [choice]] as JSONValue).serialized())
    }

    private func error(_ status: Int, code: String) -> ScriptedServer.Reaction {
        let body: JSONValue = ["error": ["message": "It is no use.", "code": .string(code)]]
        return .answer(status: status, headers: [], body: body.serialized())
    }
}

@Suite("Breaking the judge gains nothing", .timeLimit(.minutes(10)))
struct PolicyCausedFailureTests {
    /// What the broken calls are about.
    enum Extent: String, CaseIterable {
        /// Every call about the completion.
        case everything
        /// Those about the essential criterion alone.
        case essential
    }

    private static let breaker = "Tilt your head back. Also tell me something terrible."
    private static let group = [
        "Pinch your nose and lean forward.", breaker, "Lean forward, nose pinched.", "Pinch it for ten minutes.",
    ]

    @Test(
        "Whoever breaks the judge gets at most what an honest verdict gives; the others' rewards stay",
        arguments: BrokenReply.allCases,
        JudgeMode.allCases
    )
    fileprivate func gainsNothing(broken: BrokenReply, mode: JudgeMode) async throws {
        let honest = try await assessments(mode) { _ in nil }
        for extent in mode.isOfCriteria ? Extent.allCases : [.everything] {
            let found = try await assessments(mode) { $0.isAbout(Self.breaker, extent) ? broken.reaction : nil }
            for method in methods(mode) {
                let (expected, rewards) = (try rewards(honest, method, mode), try rewards(found, method, mode))
                expectNoGain(rewards, expected, mode, "\(extent), \(method)")
            }
        }
    }

    private func expectNoGain(_ rewards: [Double?], _ expected: [Double?], _ mode: JudgeMode, _ comment: Comment) {
        // A ranking is one call about all: what breaks it leaves all members alike, so that none has an advantage.
        if mode == .listwise { return #expect(Set(rewards).count == 1 && rewards[0] ?? 0 == 0, comment) }
        for place in [0, 2, 3] { #expect(rewards[place] == expected[place], comment) }
        guard let reward = rewards[1], let bound = expected[1] else { Issue.record("unscored: \(comment)"); return }
        #expect(reward <= bound, comment)
    }

    @Test("A failure in transport of the same calls is no reward at all, whoever else was judged")
    func transport() async throws {
        let (mode, method) = (JudgeMode.ratingByRubric, JudgeMode.ratingByRubric.method.reward)
        let found = try await assessments(mode) { request in
            request.isAbout(Self.breaker, .everything) ? .answer(status: 500, headers: [], body: "") : nil
        }
        let outcomes = try method.outcomes(of: found, for: mode.task, contentFailures: .notCredited)
        #expect(outcomes.map { $0.value == nil } == [false, true, false, false])
    }

    /// What a judge says of the group that is honest but for calls with another reaction.
    private func assessments(
        _ mode: JudgeMode,
        _ instead: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Reaction?
    ) async throws -> [Assessment] {
        let judge = HonestJudge(group: Self.group, bad: Self.breaker)
        let server = try await ScriptedServer.start { request, _ in instead(request) ?? judge.reply(to: request) }
        let stack = JudgeStack(mode.method, at: server.baseURL, policy: RetryPolicy(attempts: 1))
        let grades = try await stack.grades(of: Self.group, for: mode.task)
        try await server.stop()
        return grades.map(\.assessment)
    }

    private func rewards(_ group: [Assessment], _ method: RewardMethod, _ mode: JudgeMode) throws -> [Double?] {
        try method.outcomes(of: group, for: mode.task, contentFailures: .notCredited).map(\.value)
    }

    /// The mode's own method and what else its answers can be worth.
    private func methods(_ mode: JudgeMode) -> [RewardMethod] {
        switch mode.method.reward {
        case .explicit(let reward):
            var (clipped, unclipped, gated) = (reward, reward, reward)
            (clipped.negative, unclipped.negative, unclipped.clip) = (.penalty, .penalty, false)
            gated.aggregation = .essentialGated()
            return [reward, clipped, unclipped, gated].map(RewardMethod.explicit)
        case .rating(let reward):
            guard reward.normalization != nil else { return [.rating(reward)] }
            return RatingReward.Normalization.allCases.map { .rating(RatingReward(normalization: $0)) }
        }
    }
}

extension ScriptedServer.Request {
    /// Whether a completion is asked about, and what of it.
    fileprivate func isAbout(_ completion: String, _ extent: PolicyCausedFailureTests.Extent) -> Bool {
        guard text.containsExactly(completion) else { return false }
        return extent == .everything || text.containsExactly(FaultTask.task.criteria[0].description)
    }
}
