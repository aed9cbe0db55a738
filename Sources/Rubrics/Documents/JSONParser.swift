// SPDX-License-Identifier: Apache-2.0

/// A strict JSON reader over UTF-8 bytes.
///
/// Duplicate keys, trailing commas or text, bad UTF-8, lone surrogates, numbers beyond a double and nesting deeper than
/// ``maximumDepth`` are errors that name line and column. A byte order mark at the start is skipped.
public struct JSONParser {
    /// How deep lists and objects may nest, so that hostile input cannot exhaust the stack.
    public static let maximumDepth = 512

    /// Parses one value that fills `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 text.
    ///   - file: The name for errors.
    /// - Returns: The value.
    /// - Throws: ``DocumentError`` at the first byte that is not JSON.
    public static func parse(_ bytes: some Collection<UInt8>, file: String) throws -> JSONValue {
        try parse(bytes, file: file, firstLine: 1)
    }

    /// Parses one value that starts at line `firstLine` of its file.
    package static func parse(_ bytes: some Collection<UInt8>, file: String, firstLine: Int) throws -> JSONValue {
        do {
            return try withContiguousBytes(of: bytes) { buffer in
                var scanner = JSONScanner(bytes: buffer)
                return try scanner.document()
            }
        } catch let fault as JSONFault {
            let place = withContiguousBytes(of: bytes) { TextPlace(of: fault.offset, in: $0, firstLine: firstLine) }
            throw DocumentError(
                file: file,
                line: place.line,
                column: place.column,
                message: fault.message,
                remedy: fault.remedy
            )
        }
    }
}

/// Runs `body` over the bytes where they lie, or over a copy when they do not lie in one piece.
func withContiguousBytes<Result>(
    of bytes: some Collection<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
) rethrows -> Result {
    try bytes.withContiguousStorageIfAvailable(body) ?? Array(bytes).withUnsafeBufferPointer(body)
}

/// A line and a column, both from 1, the column in Unicode scalars.
struct TextPlace: Hashable {
    var line: Int
    var column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of a byte; a place past the end is the end.
    init(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>, firstLine: Int = 1) {
        line = firstLine
        column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }
}
