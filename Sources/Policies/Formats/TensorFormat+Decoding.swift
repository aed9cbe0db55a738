// SPDX-License-Identifier: Apache-2.0

extension TensorFormat {
    /// Converts stored elements to floats; what is narrower than a float comes out exactly.
    ///
    /// Blocks are computed as llama.cpp and `gguf` do it, each product and sum rounded once, so the floats are theirs.
    ///
    /// - Precondition: The format is readable and `bytes` holds whole blocks, one element for each place in `floats`.
    package func decodeFloats(from bytes: UnsafeRawBufferPointer, into floats: UnsafeMutableBufferPointer<Float>) {
        precondition(floats.count % blockElements == 0, "a part of a block cannot be decoded")
        precondition(bytes.count == floats.count / blockElements * blockBytes, "as many elements as places")
        switch self {
        case .f32: UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes)
        case .f64: Self.decode(bytes, into: floats) { Float(Double(bitPattern: $0)) }
        case .f16: Self.decode(bytes, into: floats, Self.half)
        case .bf16: Self.decode(bytes, into: floats) { Float(bitPattern: UInt32($0 as UInt16) << 16) }
        case .q8zero: Self.decodeQ8Zero(bytes, into: floats)
        case .q4zero: Self.decodeQ4(bytes, into: floats, blockBytes: 18) { _, scale in -8 * scale }
        case .q4one: Self.decodeQ4(bytes, into: floats, blockBytes: 20) { block, _ in Self.half(block, at: 2) }
        default: preconditionFailure("\(rawValue) is not readable as floats")
        }
    }

    @inline(__always)
    private static func decode<Stored: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer,
        into floats: UnsafeMutableBufferPointer<Float>,
        _ convert: (Stored) -> Float
    ) {
        for index in floats.indices {
            let stored = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
            floats[index] = convert(Stored(littleEndian: stored))
        }
    }

    /// A half-precision number from its bits: shifted into place and rescaled, subnormal ones too.
    @inline(__always)
    package static func half(_ bits: UInt16) -> Float {
        let magnitude = Float(bitPattern: UInt32(bits & 0x7FFF) << 13) * 0x1p112
        let special: UInt32 = bits & 0x7C00 == 0x7C00 ? 0x7F80_0000 : 0
        return Float(bitPattern: magnitude.bitPattern | special | UInt32(bits & 0x8000) << 16)
    }

    @inline(__always)
    private static func half(_ block: UnsafeRawBufferPointer, at offset: Int) -> Float {
        half(UInt16(littleEndian: block.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }

    private static func decodeQ8Zero(_ bytes: UnsafeRawBufferPointer, into floats: UnsafeMutableBufferPointer<Float>) {
        for index in 0..<floats.count / 32 {
            let block = UnsafeRawBufferPointer(rebasing: bytes[index * 34..<(index + 1) * 34])
            let scale = half(block, at: 0)
            for place in 0..<32 {
                floats[index * 32 + place] = scale * Float(Int8(bitPattern: block[2 + place]))
            }
        }
    }

    /// Both formats of four bits: the low halves of 16 bytes first, then the high ones; `number * scale + offset`.
    ///
    /// `-8 * scale` is exact, and so is `scale * number` for a half-precision scale and five bits, so Q4_0's
    /// `(number - 8) * scale` and this give the same float.
    @inline(__always)
    private static func decodeQ4(
        _ bytes: UnsafeRawBufferPointer,
        into floats: UnsafeMutableBufferPointer<Float>,
        blockBytes: Int,
        _ offset: (UnsafeRawBufferPointer, _ scale: Float) -> Float
    ) {
        for index in 0..<floats.count / 32 {
            let block = UnsafeRawBufferPointer(rebasing: bytes[index * blockBytes..<(index + 1) * blockBytes])
            let scale = half(block, at: 0)
            let offset = offset(block, scale)
            for place in 0..<16 {
                let pair = block[blockBytes - 16 + place]
                floats[index * 32 + place] = Float(pair & 0x0F) * scale + offset
                floats[index * 32 + place + 16] = Float(pair >> 4) * scale + offset
            }
        }
    }
}
