// SPDX-License-Identifier: Apache-2.0

/// Why judging cannot start.
public struct JudgingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of error.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case missingCheck
            case invalidCheck
            case invalidTemplate
        }

        private var value: Value
        /// A criterion has no check, and there is no other judge.
        public static let missingCheck = Code(value: .missingCheck)
        /// A check cannot be used: an empty list, a malformed regular expression, bounds in the wrong order.
        public static let invalidCheck = Code(value: .invalidCheck)
        /// A template does not show what its question needs.
        public static let invalidTemplate = Code(value: .invalidTemplate)
    }

    /// The kind.
    public var code: Code
    /// What is wrong and the remedy.
    public var message: String
    /// The task it concerns.
    public var task: String?
    /// The criterion it concerns.
    public var criterion: String?

    init(_ code: Code, _ message: String, task: String? = nil, criterion: String? = nil) {
        self.code = code
        self.message = message
        self.task = task
        self.criterion = criterion
    }

    /// One line: the task, the criterion, what is wrong and the remedy.
    public var description: String {
        let place = [task.map { "task \"\($0)\"" }, criterion.map { "criterion \($0)" }].compactMap(\.self)
        return (place + [message]).joined(separator: ": ")
    }
}
