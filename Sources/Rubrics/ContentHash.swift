// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A SHA-256 that is fed in parts: what names content the same way in every process.
public struct ContentHash: Sendable {
    private var hash = SHA256()

    /// Starts a hash of nothing.
    public init() {}

    /// Feeds bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hash.update(data: Array(bytes))
        }
    }

    /// Feeds a text's UTF-8 bytes behind their number, so that no two lists of texts look alike.
    public mutating func update(counted text: String) {
        var text = text
        text.withUTF8 { bytes in
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        }
    }

    /// The 32 bytes of the hash.
    public func finalize() -> [UInt8] {
        Array(hash.finalize())
    }

    /// The hash as 64 hexadecimal digits in lower case.
    public func hexadecimal() -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The hash of bytes as 64 hexadecimal digits.
    ///
    /// - Parameter bytes: What is hashed.
    /// - Returns: The digits, in lower case.
    public static func hexadecimal(of bytes: some Sequence<UInt8>) -> String {
        var hash = ContentHash()
        hash.update(bytes)
        return hash.hexadecimal()
    }
}
