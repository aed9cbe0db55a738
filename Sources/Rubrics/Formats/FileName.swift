// SPDX-License-Identifier: Apache-2.0

/// Names of files that hold one rubric each, made from identifiers and read back.
package enum FileName {
    /// A file's name for an identifier: bytes that file systems or shells take amiss are written as `%2F`.
    ///
    /// - Parameters:
    ///   - id: The identifier.
    ///   - fileExtension: The extension without its point.
    /// - Returns: The name.
    package static func name(of id: String, fileExtension: String) -> String {
        let bytes = id.utf8.enumerated().flatMap { index, byte -> [UInt8] in
            let isPlain = TOMLWriter.isBareKeyByte(byte) || byte == UInt8(ascii: ".") && index > 0
            return isPlain ? [byte] : Array(("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
        }
        return String(decoding: bytes, as: UTF8.self) + "." + fileExtension
    }

    /// The identifier in a path: its last part without the extension, decoded.
    package static func stem(of path: String) -> String {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        let end = name.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 > name.startIndex ? $0 : nil } ?? name.endIndex
        var bytes: [UInt8] = []
        var rest = name[..<end]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let decoded = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
