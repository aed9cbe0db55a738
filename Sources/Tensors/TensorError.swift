// SPDX-License-Identifier: Apache-2.0

/// Why a tensor operation or the engine failed.
public struct TensorError: Error, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Sendable, Hashable {
        private enum Value {
            case engineMissing
            case operation
            case outOfMemory
        }

        private var value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// The engine's library is not there, does not load, or is of another version.
        public static var engineMissing: Self { Self(.engineMissing) }
        /// An operation refused its operands.
        public static var operation: Self { Self(.operation) }
        /// The device ran out of memory.
        public static var outOfMemory: Self { Self(.outOfMemory) }
    }

    /// What kind of failure it is.
    public var code: Code
    /// What failed, with shapes, and what to do.
    public var message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
