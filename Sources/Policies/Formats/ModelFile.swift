// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A model on disk, a Hugging Face directory or a GGUF file, seen as the former: configuration, tokenizer, chat template
/// and weights by their Hugging Face names.
public struct ModelFile: Sendable {
    /// The path, as it was given.
    public let path: String
    /// The decoder's shape.
    public let configuration: ModelConfiguration
    /// The chat template's text, if the model has one.
    public let chatTemplateSource: String?

    private let sources: [String: WeightSource]
    private let loadedTokenizer: Result<Tokenizer, any Error>

    /// Opens a model and checks that every weight is there with the right shape; no weight is read yet.
    ///
    /// - Parameter path: A directory with config.json and safetensors, or a `.gguf` file.
    /// - Returns: The model.
    /// - Throws: ``ModelFileError`` or `DocumentError` that names the file and what is wrong with it.
    public static func open(_ path: String) throws -> ModelFile {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        return exists && isDirectory.boolValue ? try Self(directory: path) : try Self(gguf: path)
    }

    init(
        path: String,
        configuration: ModelConfiguration,
        chatTemplateSource: String?,
        tokenizer: Result<Tokenizer, any Error>,
        sources: [String: WeightSource]
    ) throws {
        self.path = path
        self.configuration = configuration
        self.chatTemplateSource = chatTemplateSource
        self.sources = sources
        loadedTokenizer = tokenizer
        for (name, shape) in configuration.weights { try check(name, shape) }
    }

    /// The tokenizer.
    ///
    /// - Throws: What was wrong with it when the model was opened; weights can be read without one.
    public var tokenizer: Tokenizer {
        get throws { try loadedTokenizer.get() }
    }

    /// The chat template.
    ///
    /// - Throws: ``ModelFileError`` when the model has none or an unknown one.
    public var chatTemplate: ChatTemplate {
        get throws {
            guard let chatTemplateSource else {
                throw ModelFileError(
                    .unsupported,
                    file: path,
                    "the model has no chat template",
                    remedy: "use an instruction-tuned model, or prompt it without a template (--raw)"
                )
            }
            return try ChatTemplate(source: chatTemplateSource, file: path)
        }
    }

    /// The tokens that end a completion: the configuration's, the tokenizer's and what ends a turn of the template.
    public var stopIDs: Set<Int32> {
        let tokenizer = try? self.tokenizer
        let endOfTurn = (try? chatTemplate)?.endOfTurn
        let others = [tokenizer?.endOfSequenceID, endOfTurn.flatMap { tokenizer?.id(of: $0) }]
        return Set(configuration.eosIDs + others.compactMap(\.self))
    }

    // MARK: - Weights

    /// The names of all tensors, also of those that the decoder does not use, in alphabetical order.
    public var tensorNames: [String] {
        sources.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The files that hold the weights, each once, in the order of their names.
    var weightFiles: [MappedFile] {
        let byPath = Dictionary(sources.values.map { ($0.file.path, $0.file) }) { first, _ in first }
        return byPath.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
    }

    /// The shape of a tensor, or `nil` when there is none of that name.
    public func shape(of name: String) -> [Int]? {
        sources[name]?.tensor.shape
    }

    /// Reads a tensor, dequantised or widened to floats.
    ///
    /// - Throws: ``ModelFileError`` when there is no such tensor, when it does not have as many elements as `floats` has
    ///   places, or when its elements are no floats.
    public func readFloats(_ name: String, into floats: UnsafeMutableBufferPointer<Float>) throws {
        try readFloats(name, rows: 0..<(try source(name).tensor.rows), into: floats)
    }

    /// Reads some rows of a tensor, so that several threads can share a large one.
    ///
    /// - Parameters:
    ///   - name: The Hugging Face name.
    ///   - rows: Indices in the first dimension.
    ///   - floats: One place for each element of these rows.
    /// - Throws: As ``readFloats(_:into:)``.
    public func readFloats(
        _ name: String,
        rows: Range<Int>,
        into floats: UnsafeMutableBufferPointer<Float>
    ) throws {
        let source = try source(name)
        let tensor = source.tensor
        guard rows.lowerBound >= 0, rows.upperBound <= tensor.rows, rows.count * tensor.rowWidth == floats.count else {
            throw ModelFileError(
                .shapeMismatch,
                file: source.file.path,
                place: "tensor \(name)",
                "rows \(rows) of shape \(tensor.shape) do not fill \(floats.count) places"
            )
        }
        guard tensor.format.isReadable else {
            throw ModelFileError(
                .unsupported,
                file: source.file.path,
                place: "tensor \(name)",
                "\(tensor.format.rawValue) elements cannot be read as floats",
                remedy: "save the model in float32, float16 or bfloat16"
            )
        }
        source.read(rows: rows, into: floats)
    }

    private func source(_ name: String) throws -> WeightSource {
        guard let source = sources[name] else {
            throw ModelFileError(
                .missingTensor,
                file: path,
                place: "tensor \(name)",
                "there is no such tensor",
                remedy: "is the download complete?"
            )
        }
        return source
    }

    private func check(_ name: String, _ shape: [Int]) throws {
        let source = try source(name)
        guard source.tensor.shape == shape else {
            throw ModelFileError(
                .shapeMismatch,
                file: source.file.path,
                place: "tensor \(name)",
                "the shape is \(source.tensor.shape), expected \(shape) by the configuration"
            )
        }
    }
}
