// SPDX-License-Identifier: Apache-2.0

/// Where one weight lies and how its rows are ordered there.
struct WeightSource: Sendable {
    var file: MappedFile
    var tensor: StoredTensor
    /// The width of a head whose rows llama.cpp has reordered, or `nil` when the rows are in order.
    ///
    /// Its converter turns the rotary halves of each head into neighbours: rows 0, d/2, 1, d/2 + 1, …
    /// (`LlamaModel.permute` in convert_hf_to_gguf.py).
    var permutedHead: Int?

    /// Converts rows to floats.
    func read(rows: Range<Int>, into floats: UnsafeMutableBufferPointer<Float>) {
        guard let permutedHead else { return decode(storedRows: rows, into: floats) }
        let width = tensor.rowWidth
        for (place, row) in rows.enumerated() {
            let within = row % permutedHead
            let half = permutedHead / 2
            let stored = row - within + 2 * (within % half) + within / half
            decode(
                storedRows: stored..<stored + 1,
                into: UnsafeMutableBufferPointer(rebasing: floats[place * width..<(place + 1) * width])
            )
        }
    }

    private func decode(storedRows rows: Range<Int>, into floats: UnsafeMutableBufferPointer<Float>) {
        let bytes = tensor.rowWidth / tensor.format.blockElements * tensor.format.blockBytes
        let start = tensor.range.lowerBound
        file.withBytes(start + rows.lowerBound * bytes..<start + rows.upperBound * bytes) {
            tensor.format.decodeFloats(from: $0, into: floats)
        }
    }
}

extension StoredTensor {
    /// The elements of a row; a vector has rows of one, so that biases can be reordered like weights.
    var rowWidth: Int { shape.count > 1 ? shape.dropFirst().reduce(1, *) : 1 }
    /// The number of rows.
    var rows: Int { shape.first ?? 1 }
}
