// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

extension ModelFile {
    /// Writes a model as a Hugging Face directory, which `transformers`, vLLM and ``open(_:)`` read.
    ///
    /// - Parameters:
    ///   - path: The directory; made if it is not there. Files in it are replaced one by one, each whole or not at all.
    ///   - configuration: The decoder's shape.
    ///   - tokenizer: The tokenizer, if there is one.
    ///   - chatTemplate: The template's text, if there is one.
    ///   - format: How weights are stored, ``TensorFormat/f32`` or ``TensorFormat/bf16``.
    ///   - weight: Called with the name of each of ``ModelConfiguration/weights`` in turn; hands its elements to the
    ///     function it is given, at once or in parts.
    /// - Throws: ``ModelFileError`` when a file cannot be written, and what `weight` throws.
    public static func save(
        to path: String,
        configuration: ModelConfiguration,
        tokenizer: Tokenizer?,
        chatTemplate: String?,
        format: TensorFormat,
        weight: (_ name: String, _ append: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
    ) throws {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            let reason = error.localizedDescription
            throw ModelFileError(.writeFailed, file: path, "the directory cannot be made: \(reason)")
        }
        let weights = configuration.weights
        let file = folder.appendingPathComponent("model.safetensors").path
        let writer = try SafetensorsWriter(path: file, tensors: weights, format: format)
        for (name, _) in weights { try weight(name, writer.append) }
        try writer.finish()
        try write(configuration.huggingFaceJSON(weights: format), to: folder, "config.json")
        try write(configuration.generationJSON, to: folder, "generation_config.json")
        guard let tokenizer else { return }
        try write(tokenizer.huggingFaceJSON, to: folder, "tokenizer.json")
        try write(
            tokenizer.configurationJSON(chatTemplate: chatTemplate, maximumLength: configuration.maxPositions),
            to: folder,
            "tokenizer_config.json"
        )
    }

    /// Writes this model as a Hugging Face directory, for example a GGUF file's.
    ///
    /// - Throws: ``ModelFileError``.
    public func save(to path: String, format: TensorFormat) throws {
        try Self.save(
            to: path,
            configuration: configuration,
            tokenizer: try tokenizer,
            chatTemplate: chatTemplateSource,
            format: format
        ) { name, append in
            var floats = [Float](repeating: 0, count: shape(of: name)?.reduce(1, *) ?? 0)
            try floats.withUnsafeMutableBufferPointer { try readFloats(name, into: $0) }
            try floats.withUnsafeBufferPointer(append)
        }
    }

    private static func write(_ json: JSONValue, to folder: URL, _ name: String) throws {
        let file = folder.appendingPathComponent(name)
        do {
            try Data((json.serialized(pretty: true) + "\n").utf8).write(to: file, options: .atomic)
        } catch {
            throw ModelFileError(
                .writeFailed,
                file: file.path,
                "the file cannot be written: \(error.localizedDescription)",
                remedy: "is the disk full?"
            )
        }
    }
}
