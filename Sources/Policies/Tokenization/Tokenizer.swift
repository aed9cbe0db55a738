// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// A byte-level byte-pair encoding, as GPT-2, SmolLM2, Qwen2 and Qwen3 use.
///
/// It gives the same ids as the `tokenizers` package (0.23) for the same files, on any text.
public struct Tokenizer: Sendable {
    /// What becomes of text that spells a special token such as `<|im_end|>`.
    public enum Specials: Sendable {
        /// It becomes the token.
        case parsed
        /// It is text like any other: for what users or models wrote.
        case asText
    }

    /// How text is cut into words.
    package let preTokenizer: PreTokenizer
    /// Tokens that are found in the text as they stand.
    package let addedTokens: [AddedToken]
    /// The token that ends a sequence.
    public var endOfSequenceID: Int32?
    /// The token that starts a sequence; ``encode(_:specials:addsBeginning:)`` adds it only when asked.
    public var beginningOfSequenceID: Int32?
    /// The token that fills up batches.
    public var paddingID: Int32?

    let normalizes: Bool
    let vocabulary: Vocabulary
    let merges: MergeTable
    private let byteTokens: [Int32]
    private let specialIDs: Set<Int32>
    /// For text as it stands and for normalised text, with special tokens and without.
    private let matchers: (raw: AddedTokenMatcher, normalized: AddedTokenMatcher)
    private let plainMatchers: (raw: AddedTokenMatcher, normalized: AddedTokenMatcher)

    /// Makes a tokenizer of its parts.
    init(
        vocabulary: Vocabulary,
        merges: MergeTable,
        addedTokens: [AddedToken],
        preTokenizer: PreTokenizer,
        normalizes: Bool
    ) {
        self.vocabulary = vocabulary
        self.merges = merges
        self.addedTokens = addedTokens
        self.preTokenizer = preTokenizer
        self.normalizes = normalizes
        byteTokens = (UInt8.min...UInt8.max).map { vocabulary.id(of: CollectionOfOne($0)) ?? -1 }
        specialIDs = Set(addedTokens.lazy.filter(\.isSpecial).map(\.id))
        let plain = addedTokens.filter { !$0.isSpecial }
        matchers = Self.matchers(addedTokens)
        plainMatchers = Self.matchers(plain)
    }

    private static func matchers(_ tokens: [AddedToken]) -> (raw: AddedTokenMatcher, normalized: AddedTokenMatcher) {
        (AddedTokenMatcher(tokens.filter { !$0.isNormalized }), AddedTokenMatcher(tokens.filter(\.isNormalized)))
    }

    /// One more than the highest token id.
    public var vocabularySize: Int { vocabulary.count }

    /// The id of a token by its text: an added token's, or an ordinary one's.
    public func id(of token: String) -> Int32? {
        addedTokens.first { $0.content.isExactly(token) }?.id ?? vocabulary.id(of: token.utf8)
    }

    // MARK: - Encoding

    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - specials: What becomes of text that spells a special token.
    ///   - addsBeginning: Whether the token that starts a sequence comes first, if there is one.
    /// - Returns: The token ids.
    public func encode(_ text: String, specials: Specials = .parsed, addsBeginning: Bool = false) -> [Int32] {
        var output: [Int32] = []
        if addsBeginning, let beginningOfSequenceID { output.append(beginningOfSequenceID) }
        var text = text
        text.withUTF8 { encode($0, specials, into: &output) }
        return output
    }

    /// The tokens of UTF-8 bytes; what is not UTF-8 counts as U+FFFD.
    public func encode(_ bytes: [UInt8], specials: Specials = .parsed) -> [Int32] {
        encode(String(decoding: bytes, as: UTF8.self), specials: specials)
    }

    private func encode(_ text: UnsafeBufferPointer<UInt8>, _ specials: Specials, into output: inout [Int32]) {
        let matchers = specials == .parsed ? matchers : plainMatchers
        var merger = WordMerger(merges: merges, byteTokens: byteTokens)
        var cache = WordCache(text: text)
        matchers.raw.split(text, 0..<text.count) { piece, token in
            if let token { return output.append(token) }
            let part = UnsafeBufferPointer(rebasing: text[piece])
            if normalizes, let composed = Normalization.composed(part) {
                composed.withUnsafeBufferPointer { composed in
                    var cache = WordCache(text: composed)
                    encode(composed, 0..<composed.count, matchers.normalized, &merger, &cache, into: &output)
                }
            } else {
                encode(text, piece, matchers.normalized, &merger, &cache, into: &output)
            }
        }
    }

    private func encode(
        _ text: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ matcher: AddedTokenMatcher,
        _ merger: inout WordMerger,
        _ cache: inout WordCache,
        into output: inout [Int32]
    ) {
        matcher.split(text, range) { piece, token in
            if let token { return output.append(token) }
            preTokenizer.forEachWord(in: text, range: piece) { word in
                cache.encode(word, into: &output) {
                    merger.merge(UnsafeBufferPointer(rebasing: text[word]), into: &$0)
                }
            }
        }
    }

    // MARK: - Decoding

    /// The bytes of tokens, which may end inside a scalar.
    ///
    /// - Parameters:
    ///   - tokens: Token ids; one that is not used has no bytes.
    ///   - skipsSpecials: Whether special tokens are left out.
    /// - Returns: The bytes of all tokens in order.
    public func bytes(of tokens: some Sequence<Int32>, skipsSpecials: Bool = false) -> [UInt8] {
        var result: [UInt8] = []
        for token in tokens where !(skipsSpecials && isSpecial(token)) { result += vocabulary[token] }
        return result
    }

    /// The text of tokens; bytes that are not UTF-8 become U+FFFD.
    public func decode(_ tokens: some Sequence<Int32>, skipsSpecials: Bool = false) -> String {
        String(decoding: bytes(of: tokens, skipsSpecials: skipsSpecials), as: UTF8.self)
    }

    /// Whether a token steers the model and is no text.
    public func isSpecial(_ token: Int32) -> Bool {
        specialIDs.contains(token)
    }
}
