// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policies

/// A model whose next byte depends on the last one alone: what may follow is equally likely, and all else unlikely.
package enum BigramModel {
    /// Replaces the weights of a ``TinyModel``.
    ///
    /// - Parameters:
    ///   - path: The model's directory.
    ///   - follows: Whether a printable byte may follow another.
    /// - Throws: `ModelFileError` when the files cannot be written.
    package static func write(over path: String, follows: (_ token: String, _ next: String) -> Bool) throws {
        let file = try ModelFile.open(path)
        var configuration = file.configuration
        configuration.tiedEmbeddings = false
        let bytes = (32..<127).map { (id: $0, text: String(UnicodeScalar(UInt8($0)))) }
        // Each byte that something follows has a dimension of its own.
        let leading = bytes.filter { byte in bytes.contains { follows(byte.text, $0.text) } }
        let width = configuration.hiddenSize
        try ModelFile.save(
            to: path,
            configuration: configuration,
            tokenizer: file.tokenizer,
            chatTemplate: file.chatTemplateSource,
            format: .f32
        ) { name, append in
            let count = configuration.weights.first { $0.name == name }?.shape.reduce(1, *) ?? 0
            var values = [Float](repeating: name.hasSuffix("norm.weight") ? 1 : 0, count: count)
            for (dimension, token) in leading.enumerated() {
                if name == "model.embed_tokens.weight" { values[token.id * width + dimension] = 1 }
                guard name == "lm_head.weight" else { continue }
                for next in bytes where follows(token.text, next.text) { values[next.id * width + dimension] = 10 }
            }
            try values.withUnsafeBufferPointer(append)
        }
    }
}
