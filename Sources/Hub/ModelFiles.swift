// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Rubrics

/// The files of a repository that a model is read from.
package struct ModelFiles: Sendable, Hashable {
    /// All of them.
    package private(set) var all: [HubFile] = []
    /// The list of shards, which has to be read before they are known.
    package private(set) var index: HubFile?
    /// The GGUF file that is the whole model.
    package private(set) var single: HubFile?
    /// What the user should know.
    package private(set) var note: String?

    /// Quantizations that can be read, best first.
    private static let quantizations = ["bf16", "f16", "fp16", "f32", "fp32", "q8_0", "q4_1", "q4_0"]

    /// Chooses safetensors, else a GGUF file.
    ///
    /// - Throws: ``HubError`` where there is neither.
    package init(_ snapshot: HubSnapshot) throws {
        let top = snapshot.files.filter { !$0.path.utf8.contains(UInt8(ascii: "/")) }
        index = snapshot.file("model.safetensors.index.json")
        if let weights = index ?? snapshot.file("model.safetensors") {
            all = [weights] + top.filter { Self.isSetting($0.path) }
            return
        }
        let models = top.filter { $0.path.lowercased().hasSuffix(".gguf") }
        guard let chosen = Self.best(of: models) else {
            throw HubError(
                .notFound,
                "\(snapshot.repository.address) holds neither model.safetensors nor a GGUF file that can be read: "
                    + "choose a repository with safetensors weights"
            )
        }
        (single, all) = (chosen, [chosen])
        if models.count > 1 {
            note = "\(snapshot.repository.address): of \(models.count) GGUF files \(chosen.path) is taken"
        }
    }

    /// Adds the files that hold the weights.
    ///
    /// - Parameters:
    ///   - url: The list of shards.
    ///   - snapshot: The repository.
    /// - Throws: ``HubError`` for a list that names what is not there, `DocumentError` for one that cannot be read.
    package mutating func addShards(namedIn url: URL, of snapshot: HubSnapshot) throws {
        let document = try Document.json(String(contentsOf: url, encoding: .utf8), file: url.path)
        let names =
            document.json["weight_map"]?.object?.members.compactMap { $0.value.string.map { ExactText($0) } } ?? []
        for name in Set(names).map(\.text).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let shard = snapshot.file(name) else {
                throw HubError(.notFound, "\(snapshot.repository.address) lists the shard \(name) and does not hold it")
            }
            all.append(shard)
        }
    }

    private static func isSetting(_ name: String) -> Bool {
        ["config.json", "generation_config.json", "chat_template.jinja"].contains(name) || name.hasPrefix("tokenizer")
    }

    private static func best(of models: [HubFile]) -> HubFile? {
        guard models.count > 1 else { return models.first }
        let known = quantizations.lazy.compactMap { quantization in
            models.first { $0.path.lowercased().contains(quantization) }
        }
        return known.first
    }
}
