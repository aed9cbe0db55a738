// SPDX-License-Identifier: Apache-2.0

/// A token that is found in the text as it stands, before anything merges.
package struct AddedToken: Sendable, Hashable {
    /// The identifier.
    package var id: Int32
    /// The text.
    package var content: String
    /// Whether it steers the model, so that text from outside must not spell it by accident.
    package var isSpecial: Bool
    /// Whether it is looked for after normalisation.
    var isNormalized = false
    /// Whether the list of ordinary tokens holds it too; matters only for files.
    var isInVocabulary = false
}

/// Finds added tokens in text, the leftmost first and of those the longest, as `tokenizers` does.
struct AddedTokenMatcher: Sendable {
    private var contents: [(id: Int32, bytes: [UInt8])]
    private var starts = [Bool](repeating: false, count: 256)

    init(_ tokens: some Sequence<AddedToken>) {
        contents = tokens.map { ($0.id, Array($0.content.utf8)) }.sorted { $0.bytes.count > $1.bytes.count }
        for case let first? in contents.map(\.bytes.first) { starts[Int(first)] = true }
    }

    /// Calls `body` with each piece of `range`: text between added tokens, or a token.
    func split(
        _ text: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ body: (_ piece: Range<Int>, _ token: Int32?) -> Void
    ) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound, !contents.isEmpty {
            guard starts[Int(text[index])], let match = match(text, index..<range.upperBound) else {
                index += 1
                continue
            }
            if start < index { body(start..<index, nil) }
            body(index..<index + match.bytes.count, match.id)
            index += match.bytes.count
            start = index
        }
        if start < range.upperBound { body(start..<range.upperBound, nil) }
    }

    private func match(_ text: UnsafeBufferPointer<UInt8>, _ rest: Range<Int>) -> (id: Int32, bytes: [UInt8])? {
        contents.first { $0.bytes.count <= rest.count && text[rest].starts(with: $0.bytes) }
    }
}
