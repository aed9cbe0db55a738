// SPDX-License-Identifier: Apache-2.0

import Tensors

extension DecoderModel {
    /// Writes the model as a Hugging Face directory that `transformers`, vLLM and ``load(_:purpose:computeType:engine:device:maximumPositions:)``
    /// read.
    ///
    /// The fused matrices are taken apart again. Master values are written, so that a checkpoint loses nothing.
    ///
    /// - Throws: ``ModelFileError`` when the disk refuses.
    public func save(to path: String, prompts: PromptFormat, format: TensorFormat = .f32) throws {
        let places = piecePlaces()
        try ModelFile.save(
            to: path,
            configuration: configuration,
            tokenizer: prompts.tokenizer,
            chatTemplate: prompts.template.source,
            format: format
        ) { name, append in
            guard let place = places[name] else {
                throw ModelFileError(.missingTensor, file: path, place: "tensor \(name)", "the model has no such part")
            }
            let values = try place.parameter.master[place.rows].contiguous().floats()
            try values.withUnsafeBufferPointer(append)
        }
    }

    /// Where each tensor of a file lies in the fused parameters.
    private func piecePlaces() -> [String: (parameter: Parameter, rows: Range<Int>)] {
        var places: [String: (parameter: Parameter, rows: Range<Int>)] = [:]
        let byName = Dictionary(parameters.map { ($0.name, $0) }) { first, _ in first }
        for part in ModelPart.all(configuration) {
            guard let parameter = byName[part.name] else { continue }
            var start = 0
            for piece in part.pieces(configuration) {
                places[piece.name] = (parameter, start..<start + piece.shape[0])
                start += piece.shape[0]
            }
        }
        return places
    }
}
