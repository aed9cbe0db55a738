// SPDX-License-Identifier: Apache-2.0

/// What both file formats hold, as text; turned into a tokenizer in one place.
struct TokenizerParts {
    /// The file, for errors.
    var file: String
    /// The tokens' spellings by id; `nil` for an id that is not used.
    var tokens: [String?] = []
    /// The merges in order.
    var merges: [(left: String, right: String)] = []
    var addedTokens: [AddedToken] = []
    var preTokenizer: PreTokenizer
    var normalizes: Bool
    /// What stands for a byte that the vocabulary lacks.
    var unknownToken: String?

    /// Puts the parts together.
    ///
    /// - Throws: ``ModelFileError`` that names the token or merge that does not fit.
    func tokenizer() throws -> Tokenizer {
        var bytes = try tokens.enumerated().map { id, token in try token.map { try self.bytes(of: $0, id: id) } ?? [] }
        for token in addedTokens {
            while bytes.count <= Int(token.id) { bytes.append([]) }
            bytes[Int(token.id)] = Array(token.content.utf8)
        }
        let vocabulary = Vocabulary(bytes, hidden: Set(addedTokens.lazy.filter { !$0.isInVocabulary }.map(\.id)))
        if let id = vocabulary.duplicates.first {
            throw malformed("token \(id)", "the same token is there twice: \(spelling(of: id))")
        }
        if let unknownToken, !unknownToken.isEmpty,
            let byte = (0...255).first(where: { vocabulary.id(of: [$0]) == nil })
        {
            let message = "the unknown token \"\(unknownToken)\" for byte \(byte) is not supported"
            throw Self.unsupported(file, "key model.unk_token", message)
        }
        return Tokenizer(
            vocabulary: vocabulary,
            merges: MergeTable(try resolvedMerges(vocabulary)),
            addedTokens: addedTokens,
            preTokenizer: preTokenizer,
            normalizes: normalizes
        )
    }

    private func bytes(of token: String, id: Int) throws -> [UInt8] {
        if let bytes = ByteAlphabet.bytes(spelledBy: token) { return bytes }
        if addedTokens.contains(where: { Int($0.id) == id }) { return Array(token.utf8) }
        throw malformed("token \(id)", "\"\(token)\" is not spelled in GPT-2's byte alphabet")
    }

    private func resolvedMerges(_ vocabulary: Vocabulary) throws -> [(left: Int32, right: Int32, token: Int32)] {
        try merges.enumerated().map { rank, merge in
            guard let left = ByteAlphabet.bytes(spelledBy: merge.left),
                let right = ByteAlphabet.bytes(spelledBy: merge.right),
                let leftID = vocabulary.id(of: left),
                let rightID = vocabulary.id(of: right),
                let token = vocabulary.id(of: left + right)
            else {
                let message = "\"\(merge.left)\" and \"\(merge.right)\" do not merge one token with another to a third"
                throw malformed("merge \(rank)", message)
            }
            return (leftID, rightID, token)
        }
    }

    private func spelling(of id: Int32) -> String {
        Int(id) < tokens.count ? tokens[Int(id)] ?? "" : ""
    }

    private func malformed(_ place: String, _ message: String) -> ModelFileError {
        ModelFileError(.malformed, file: file, place: place, message, remedy: "download the file again")
    }

    static func unsupported(_ file: String, _ place: String, _ message: String) -> ModelFileError {
        ModelFileError(
            .unsupported,
            file: file,
            place: place,
            "\(message); byte-level BPE with the \(PreTokenizer.supported) pre-tokenisers is",
            remedy: "choose a model of the SmolLM2, GPT-2 or Qwen families"
        )
    }
}

extension PreTokenizer {
    /// The names of all cases, for messages.
    static var supported: String {
        allCases.map(\.rawValue).joined(separator: ", ")
    }
}
