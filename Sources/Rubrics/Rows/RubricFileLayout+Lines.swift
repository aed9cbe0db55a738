// SPDX-License-Identifier: Apache-2.0

extension RubricFileLayout {
    /// The lines where the rows of a JSON list, YAML or TOML start, from 1.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: Its name, for errors.
    /// - Returns: A line for each row, in order; none for JSON lines, where each line is read by itself.
    /// - Throws: ``DocumentError`` where the bytes are no such document.
    package func lines(ofRowsIn bytes: [UInt8], file: String) throws -> [Int] {
        switch self {
        case .jsonLines: return []
        case .toml: return [1]
        case .json: return bytes.withUnsafeBufferPointer { JSONScanner.lines(ofElementsIn: $0) }
        case .yaml:
            let root = try Document.yaml(String(decoding: bytes, as: UTF8.self), file: file).root
            guard root.value.array != nil else { return [1] }
            return try root.elements().compactMap { $0.error("").line }
        }
    }
}

extension JSONScanner {
    /// The lines where the elements of a list start; of what is no list its own.
    fileprivate static func lines(ofElementsIn bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        var scanner = JSONScanner(bytes: bytes)
        var (line, counted) = (1, 0)
        return scanner.offsetsOfElements().map { offset in
            line += bytes[counted..<offset].count { $0 == UInt8(ascii: "\n") }
            counted = offset
            return line
        }
    }
}
