// SPDX-License-Identifier: Apache-2.0

import Foundation
import Rubrics

extension ModelFile {
    init(directory path: String) throws {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        func file(_ name: String) -> String? {
            let path = folder.appendingPathComponent(name).path
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        guard let config = file("config.json") else {
            throw ModelFileError(
                .notFound,
                file: path,
                "the directory holds no config.json",
                remedy: "give a model's own directory, or a .gguf file"
            )
        }
        let configuration = try ModelConfiguration(
            huggingFace: ConfigurationReader(path: config),
            generation: file("generation_config.json").map { try ConfigurationReader(path: $0) }
        )
        try self.init(
            path: path,
            configuration: configuration,
            chatTemplateSource: Self.chatTemplate(
                inFile: file("chat_template.jinja"),
                tokenizerConfiguration: file("tokenizer_config.json")
            ),
            tokenizer: Result { try Tokenizer(directory: path) },
            sources: Self.sources(
                folder,
                single: file("model.safetensors"),
                index: file("model.safetensors.index.json")
            )
        )
    }

    /// `chat_template.jinja` since transformers 4.51, else the key of `tokenizer_config.json`.
    private static func chatTemplate(inFile path: String?, tokenizerConfiguration: String?) throws -> String? {
        if let path {
            return try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
        }
        guard let tokenizerConfiguration else { return nil }
        let value = try ConfigurationReader(path: tokenizerConfiguration)["chat_template"]
        return value?.string ?? value?.array?.first { $0["name"]?.string == "default" }?["template"]?.string
    }

    private static func sources(_ folder: URL, single: String?, index: String?) throws -> [String: WeightSource] {
        if let index { return try sources(folder, index: index) }
        guard let single else {
            throw ModelFileError(
                .notFound,
                file: folder.path,
                "the directory holds no model.safetensors and no model.safetensors.index.json",
                remedy: "save the model with safetensors (pytorch_model.bin is not read)"
            )
        }
        return try sources(file: single)
    }

    private static func sources(file path: String) throws -> [String: WeightSource] {
        let file = try SafetensorsFile(path: path)
        return file.tensors.reduce(into: [:]) { $0[$1.name] = WeightSource(file: file.file, tensor: $1) }
    }

    /// The tensors of a sharded model; the index says in which file each lies.
    private static func sources(_ folder: URL, index path: String) throws -> [String: WeightSource] {
        guard let members = try ConfigurationReader(path: path)["weight_map"]?.object?.members else {
            throw ModelFileError(.malformed, file: path, place: "key \"weight_map\"", "expected a mapping")
        }
        var shards: [String: [String: WeightSource]] = [:]
        var sources: [String: WeightSource] = [:]
        for (name, value) in members {
            guard let shard = value.string, !shard.contains("/") else {
                throw ModelFileError(.malformed, file: path, place: "tensor \(name)", "expected a file's name")
            }
            if shards[shard] == nil {
                shards[shard] = try Self.sources(file: folder.appendingPathComponent(shard).path)
            }
            guard let source = shards[shard]?[name] else {
                throw ModelFileError(
                    .missingTensor,
                    file: folder.appendingPathComponent(shard).path,
                    place: "tensor \(name)",
                    "the index says it is here, but it is not",
                    remedy: "download the shard again"
                )
            }
            sources[name] = source
        }
        return sources
    }
}
