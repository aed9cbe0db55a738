// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@testable import Policies

struct TensorFormatTests {
    @Test("Blocks become the floats that gguf gives", arguments: ["Q8_0", "Q4_0", "Q4_1", "F16", "BF16"])
    func blocks(name: String) throws {
        let golden = try #require(try Goldens.json("weights.json")["blocks"]?[name])
        let format = try #require(TensorFormat(rawValue: name))
        let digits = Array(golden["bytes"]?.string ?? "")
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        let expected = golden["floats"]?.array?.compactMap { $0.string.flatMap { UInt32($0, radix: 16) } }
        var floats = [Float](repeating: .nan, count: bytes.count / format.blockBytes * format.blockElements)
        bytes.withUnsafeBytes { bytes in
            floats.withUnsafeMutableBufferPointer { format.decodeFloats(from: bytes, into: $0) }
        }
        #expect(floats.map { ($0 + 0).bitPattern } == expected)
    }

    @Test("Every half-precision number becomes the same float")
    func halves() {
        for bits in UInt16.min...UInt16.max {
            let expected = Float(Float16(bitPattern: bits))
            let converted = TensorFormat.half(bits)
            #expect(converted.isNaN ? expected.isNaN : converted.bitPattern == expected.bitPattern, "\(bits)")
        }
    }

    @Test(
        "Floats round to the nearest bfloat16, ties to even",
        arguments: [
            (1, 0x3F80), (1.00390625, 0x3F80), (1.01171875, 0x3F82), (0x1.010002p0, 0x3F81), (-0.0, 0x8000),
            (3.4e38, 0x7F80), (.infinity, 0x7F80), (0x1p-133, 0x0001),
        ] as [(Float, UInt16)]
    )
    func bfloat16(float: Float, bits: UInt16) {
        #expect(float.bfloat16Bits == bits)
    }

    @Test("NaN stays NaN as bfloat16")
    func bfloat16NaN() {
        #expect(Float(bitPattern: UInt32(Float(bitPattern: 0x7F80_0001).bfloat16Bits) << 16).isNaN)
    }
}
