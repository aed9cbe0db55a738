// SPDX-License-Identifier: Apache-2.0

/// Why a run cannot start or go on.
public struct TrainingError: Error, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case invalidData
            case nonFinite
            case checkpoint
        }

        private var value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// The prompts or rubrics cannot be trained on.
        public static var invalidData: Self { Self(.invalidData) }
        /// A loss or a gradient is NaN or infinite.
        public static var nonFinite: Self { Self(.nonFinite) }
        /// A checkpoint does not fit the run.
        public static var checkpoint: Self { Self(.checkpoint) }
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened, where, and the way out.
    public var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
