// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// Why a rubric has no reward that could be computed: a fault of the rubric or the settings, not of a judge.
public struct RewardError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of error.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case missingImportance
            case missingWeight
            case invalidWeight
            case undecidedPolarity
            case mismatchedVerdicts
            case invalidSetting
            case missingReference
            case undeterminedWeights
        }

        private var value: Value
        /// A scheme by importance meets a criterion without one.
        public static let missingImportance = Code(value: .missingImportance)
        /// A criterion has no weight in the scheme.
        public static let missingWeight = Code(value: .missingWeight)
        /// A weight is negative where that means nothing, not finite, or all are zero.
        public static let invalidWeight = Code(value: .invalidWeight)
        /// Nobody decided what meeting a criterion means.
        public static let undecidedPolarity = Code(value: .undecidedPolarity)
        /// Verdicts and criteria are not the same, in the same order.
        public static let mismatchedVerdicts = Code(value: .mismatchedVerdicts)
        /// A setting of the method is out of its range.
        public static let invalidSetting = Code(value: .invalidSetting)
        /// A method compares with a reference answer, and a task has none.
        public static let missingReference = Code(value: .missingReference)
        /// Preferences from which no weights follow.
        public static let undeterminedWeights = Code(value: .undeterminedWeights)
    }

    /// The kind.
    public var code: Code
    /// What is wrong and the remedy.
    public var message: String
    /// The task it concerns.
    public var task: String?
    /// The criterion it concerns.
    public var criterion: String?

    init(_ code: Code, _ message: String, task: String? = nil, _ criterion: Criterion? = nil) {
        self.code = code
        self.message = message
        self.task = task
        self.criterion = criterion.map { $0.title.isEmpty ? $0.id : "\($0.id) (\($0.title))" }
    }

    /// One line: the task, the criterion, what is wrong and the remedy.
    public var description: String {
        let place = [task.map { "task \"\($0)\"" }, criterion.map { "criterion \($0)" }].compactMap(\.self)
        return (place + [message]).joined(separator: ": ")
    }
}
