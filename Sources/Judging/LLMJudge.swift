// SPDX-License-Identifier: Apache-2.0

public import ChatModels
public import Rubrics

/// A judge that asks a chat model.
///
/// Each question is one call, with one repair request where the reply does not hold what was asked for. Failures in
/// transport and replies that stay unreadable leave what was asked for unjudged, with the cause.
public struct LLMJudge: Judge {
    /// How a judge asks.
    public struct Configuration: Sendable, Hashable {
        /// Sets the material apart.
        public var marker: TextMarker
        /// The sampling temperature.
        public var temperature = 0.0
        /// The longest reply, in tokens.
        public var maxTokens = 1024
        /// How many alternatives are asked for with each token: for confidence, and for expected ratings.
        public var topLogprobs = 0
        /// Whether ratings are expectations over the menu, where the model can give them.
        public var usesExpectedRating = false
        /// Whether a judge that has no need of the reference answer sees it too.
        public var showsReference = false
        /// Tells repeated votes apart.
        public var vote = 0
        /// What is taken for thinking, in completions and in replies.
        public var thinking = Thinking.standard
        /// The words.
        public var templates = JudgeTemplates()

        /// Makes a configuration of defaults.
        public init(marker: TextMarker) {
            self.marker = marker
        }
    }

    /// The model's name.
    public var name: String { model.name }
    /// Whether the question is about a whole group.
    public var needsWholeGroup: Bool { question == .ranking }

    let question: JudgeQuestion
    let model: any ChatModel
    let settings: Configuration
    let template: MessageParts
    /// What the reply about a single criterion has to look like: the same in most calls.
    let verdictSchema: JSONValue

    /// Makes a judge.
    ///
    /// - Parameters:
    ///   - question: What it is asked.
    ///   - model: Who answers.
    ///   - configuration: How it is asked.
    /// - Throws: ``JudgingError`` for a template that does not show what the question needs.
    public init(_ question: JudgeQuestion, of model: any ChatModel, configuration: Configuration) throws {
        self.question = question
        self.model = model
        settings = configuration
        let words = configuration.templates.template(for: question)
        try words.validate(for: question)
        template = words.parts
        verdictSchema = ReplySchema.criteria(["c1"], maxTokens: settings.maxTokens)
    }

    /// Asks about one completion.
    public func assess(_ completion: String, for task: RubricTask) async throws -> Assessment {
        try Task.checkCancellation()
        if settings.thinking.leavesNothing(of: completion) {
            return question.isOfCriteria
                ? .empty(for: task, judge: name) : Assessment(completionIsEmpty: true)
        }
        let answer = settings.thinking.removed(from: completion)
        switch question {
        case .criteria(let perCall): return try await verdicts(on: answer, for: task, perCall: perCall)
        case .rating: return try await rating(of: answer, for: task)
        case .comparison: return try await comparison(of: answer, for: task)
        case .ranking: return try await assess(group: [completion], for: task)[0]
        }
    }

    /// Asks about the completions of one prompt: together when they are ranked.
    public func assess(group: [String], for task: RubricTask) async throws -> [Assessment] {
        guard question == .ranking else { return try await inOrder(group) { try await assess($0, for: task) } }
        return try await ranking(of: group, for: task)
    }
}

extension JudgeQuestion {
    /// Whether verdicts on criteria are asked for.
    public var isOfCriteria: Bool {
        if case .criteria = self { true } else { false }
    }
}
