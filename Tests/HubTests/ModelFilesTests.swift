// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hub
import Rubrics
import TestSupport
import Testing

@Suite("A model's files")
struct ModelFilesTests {
    private func snapshot(_ paths: [String]) -> HubSnapshot {
        HubSnapshot(repository: .model, commit: "", files: paths.map { HubFile(path: $0, size: 1) })
    }

    @Test("Safetensors with settings and tokenizer, and nothing else")
    func safetensors() throws {
        let needed = [
            "chat_template.jinja", "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
            "tokenizer_config.json",
        ]
        let others = ["README.md", "consolidated.safetensors", "onnx/model.onnx", "model.gguf", "pytorch_model.bin"]
        let files = try ModelFiles(snapshot(needed + others))
        #expect(files.all.map(\.path).sorted() == needed && files.single == nil && files.index == nil)
    }

    @Test("Shards are those that the index names")
    func shards() throws {
        let folder = try TemporaryFolder()
        let index: JSONValue = ["weight_map": ["a": "x-1.safetensors", "b": "x-2.safetensors", "c": "x-1.safetensors"]]
        let url = URL(fileURLWithPath: try folder.write("index.json", index))
        let paths = ["model.safetensors.index.json", "x-1.safetensors", "x-2.safetensors", "x-3.safetensors"]
        let whole = snapshot(paths)
        var files = try ModelFiles(whole)
        #expect(files.index?.path == paths[0])
        try files.addShards(namedIn: url, of: whole)
        #expect(files.all.map(\.path) == Array(paths[0...2]))
        let torn = snapshot(Array(paths[0...1]))
        var missing = try ModelFiles(torn)
        #expect(throws: HubError.self) { try missing.addShards(namedIn: url, of: torn) }
    }

    @Test("Of several GGUF files the best that can be read is taken, and said")
    func quantizations() throws {
        let files = try ModelFiles(snapshot(["m-Q4_0.gguf", "m-Q6_K.gguf", "m-Q8_0.gguf"]))
        #expect(files.single?.path == "m-Q8_0.gguf" && files.all.count == 1)
        #expect(files.note?.contains("m-Q8_0.gguf") == true)
        #expect(try ModelFiles(snapshot(["any.gguf"])).note == nil)
        #expect(throws: HubError.self) { try ModelFiles(snapshot(["a-Q6_K.gguf", "b-Q5_K.gguf"])) }
        #expect(throws: HubError.self) { try ModelFiles(snapshot(["pytorch_model.bin"])) }
    }
}
