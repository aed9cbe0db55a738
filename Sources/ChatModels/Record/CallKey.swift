// SPDX-License-Identifier: Apache-2.0

/// The identity of a call: a hash over everything that its answer depends on.
public struct CallKey: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    public var bytes: [UInt8]

    /// Makes a key of a hash's bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The bytes are a hash already: eight of them tell keys apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(beginning)
    }

    /// The first eight bytes.
    package var beginning: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// Reads 64 hexadecimal digits.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Where answered calls are kept.
public protocol CallStore: Sendable {
    /// The key of a request to a model.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - model: The model's name, or that of a declared pool: never a replica's address.
    ///   - mode: How structured output is asked for.
    /// - Returns: The key.
    func key(of request: ChatRequest, model: String, mode: String) -> CallKey

    /// The recorded answer of a call.
    ///
    /// - Parameter key: The call.
    /// - Returns: The answer; `nil` where there is none.
    /// - Throws: What reading the store throws, and `CancellationError`.
    func reply(for key: CallKey) async throws -> ChatReply?

    /// Keeps an answer; returns when it is durable against the end of the process.
    func record(_ reply: ChatReply, for key: CallKey, model: String) async throws
}
