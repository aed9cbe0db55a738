// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a model's files, where, and the way out.
public struct ModelFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of thing went wrong.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case notFound
            case truncated
            case malformed
            case unsupported
            case missingTensor
            case shapeMismatch
            case writeFailed
        }
        private let kind: Kind

        /// There is no such file.
        public static let notFound = Code(kind: .notFound)
        /// The file ends too early.
        public static let truncated = Code(kind: .truncated)
        /// The file contradicts its format or itself.
        public static let malformed = Code(kind: .malformed)
        /// The file is sound, but asks for something that is not supported.
        public static let unsupported = Code(kind: .unsupported)
        /// A tensor is not there.
        public static let missingTensor = Code(kind: .missingTensor)
        /// A tensor has another shape than the configuration says.
        public static let shapeMismatch = Code(kind: .shapeMismatch)
        /// A file could not be written.
        public static let writeFailed = Code(kind: .writeFailed)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// What kind of thing went wrong.
    public var code: Code
    /// The file or directory at fault.
    public var file: String
    /// The place in the file: a byte, a key or a tensor.
    public var place: String?
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var remedy: String?

    /// Makes an error.
    public init(_ code: Code, file: String, place: String? = nil, _ message: String, remedy: String? = nil) {
        self.code = code
        self.file = file
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    /// One line: `model.gguf: byte 1234: the text is longer than the file; download it again`.
    public var description: String {
        [file, place, message].compactMap(\.self).joined(separator: ": ") + (remedy.map { "; \($0)" } ?? "")
    }
}
