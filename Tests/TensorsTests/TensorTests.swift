// SPDX-License-Identifier: Apache-2.0

import Tensors
import TestSupport
import Testing

@Suite("Tensors")
struct TensorTests {
    let engine: TorchEngine

    init() throws {
        engine = try TestEngine.load()
    }

    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("Elements go in and come out in row-major order, whatever the type")
    func roundTrip() throws {
        let floats: [Float] = [1.5, -2, .infinity, 0, 1e-30, 7]
        let x = try engine.tensor(floats, shape: [2, 3])
        #expect(x.shape == [2, 3] && x.count == 6 && x.dtype == .float32 && x.device == .cpu)
        #expect(try x.array(of: Float.self) == floats)
        #expect(try x.transposed().array(of: Float.self) == [1.5, 0, -2, 1e-30, .infinity, 7])
        #expect(try engine.tensor([1, -2] as [Int64]).array(of: Int64.self) == [1, -2])
        #expect(try engine.tensor([1, -2] as [Int32]).array(of: Int32.self) == [1, -2])
        #expect(try engine.tensor([true, false]).array(of: Bool.self) == [true, false])
        #expect(try engine.tensor([0, 255] as [UInt8]).array(of: UInt8.self) == [0, 255])
        #expect(try engine.tensor([1, .pi] as [Double]).array(of: Double.self) == [1, .pi])
        #expect(try engine.tensor([] as [Float], shape: [0, 4]).array(of: Float.self) == [])
        #expect("\(x)" == "Tensor(f32 [2, 3] on cpu)")
    }

    @Test("Raw bytes are bf16 as files hold them")
    func bytes() throws {
        let bits: [UInt16] = [0x3F80, 0xC000, 0x7F80]
        let x = try bits.withUnsafeBytes { try engine.tensor(bytes: $0, dtype: .bfloat16, shape: [3]) }
        #expect(try x.floats() == [1, -2, .infinity])
        var copy = [UInt16](repeating: 0, count: 3)
        try copy.withUnsafeMutableBytes { try x.copy(to: $0) }
        #expect(copy == bits)
        try [UInt16](repeating: 0x4000, count: 3).withUnsafeBytes { try x.copy(from: $0) }
        #expect(try x.floats() == [2, 2, 2])
        #expect(message { try [UInt16]([1]).withUnsafeBytes { try x.copy(from: $0) } }?.contains("bf16 [3]") == true)
    }

    @Test("Conversions round to nearest even, and keep infinities and NaN")
    func conversions() throws {
        let x = try engine.tensor([1.003_906_25, 1.011_718_75, -3.7, .infinity, .nan, 70_000] as [Float])
        let brain = try x.to(.bfloat16)
        #expect(brain.dtype == .bfloat16)
        // 1 + 2⁻⁸ and 1 + 3 · 2⁻⁸ stand half-way between bf16's neighbours.
        #expect(Array(try brain.floats().prefix(2)) == [1, 1.015_625])
        #expect(try brain.floats()[3] == .infinity && brain.floats()[4].isNaN)
        #expect(try x.to(.float16).floats()[5] == .infinity)
        #expect(try x[0..<3].to(.int64).array(of: Int64.self) == [1, 1, -3])
        #expect(try x[0..<3].to(.bool).array(of: Bool.self) == [true, true, true])
        #expect(try x[0..<3].to(.float64).array(of: Double.self) == [1.003_906_25, 1.011_718_75, Double(Float(-3.7))])
    }

    @Test("Every type knows its size, and makes tensors of it", arguments: DType.allCases)
    func types(dtype: DType) throws {
        let x = try engine.full([2, 2], 1, dtype: dtype)
        #expect(x.dtype == dtype)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * dtype.byteCount, alignment: 8)
        defer { bytes.deallocate() }
        try x.copy(to: bytes)
        #expect(try x.to(.float32).floats() == [1, 1, 1, 1])
    }

    @Test("Operators broadcast, and one try covers an expression")
    func arithmetic() throws {
        let a = try engine.tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
        let b = try engine.tensor([10, 20] as [Float])
        #expect(try ((a + b) * 2 - a / b).floats() == [21.9, 43.9, 25.7, 47.8])
        #expect(try (-a).floats() == [-1, -2, -3, -4])
        #expect(try (a - 1).exp().log().floats().map { $0.rounded() } == [0, 1, 2, 3])
        #expect(try (a * a).squareRoot().floats() == [1, 2, 3, 4])
        #expect(try a.matmul(a).floats() == [7, 10, 15, 22])
        #expect(try a.minimum(a.transposed()).floats() == [1, 2, 2, 4])
        #expect(try a.maximum(a.transposed()).floats() == [1, 3, 3, 4])
        #expect(try a.clamped(to: 2...3).floats() == [2, 2, 3, 3])
        #expect(try a.isAbove(2.5).array(of: Bool.self) == [false, false, true, true])
        #expect(try a.isBelow(2).array(of: Bool.self) == [true, false, false, false])
        #expect(try a.replaced(by: engine.zeros([2, 2]), where: a.equals(4)).floats() == [1, 2, 3, 0])
        #expect(try (a - 5).magnitude().floats() == [4, 3, 2, 1])
        let odd = try engine.tensor([0, .nan, .infinity] as [Float])
        #expect(try odd.isFinite().array(of: Bool.self) == [true, false, false])
    }

    @Test("Reductions over some dimensions or all")
    func reductions() throws {
        let a = try engine.tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(try a.sum().item() == 21)
        #expect(try a.sum(0).floats() == [5, 7, 9])
        #expect(try a.mean(-1).floats() == [2, 5])
        #expect(try a.sum(1, keepingDimensions: true).shape == [2, 1])
        #expect(try a.max(1).floats() == [3, 6])
        #expect(try a.max().item() == 6)
        #expect(try a.argmax(1).array(of: Int64.self) == [2, 2])
        try expectClose(a.softmax(1).sum(1), engine.full([2], 1), tolerance: 1e-6)
        try expectClose(a.logSoftmax(1), a.softmax(1).log(), tolerance: 1e-6)
    }

    @Test("Slices share storage; ranges outside are refused")
    func slicing() throws {
        let a = try engine.tensor((0..<12).map(Float.init), shape: [3, 4])
        #expect(try a[1].floats() == [4, 5, 6, 7])
        #expect(try a[1..<3].shape == [2, 4])
        #expect(try a.slice(1..<3, dimension: -1).floats() == [1, 2, 5, 6, 9, 10])
        #expect(try a[2..<2].shape == [0, 4])
        try a[0].assign(engine.zeros([4]))
        #expect(try a.floats().prefix(5) == [0, 0, 0, 0, 4])
        #expect(message { _ = try a[1..<4] } == "slice 1..<4 of dimension 0 of [3, 4]")
        #expect(message { _ = try a.slice(0..<1, dimension: 2) } == "slice 0..<1 of dimension 2 of [3, 4]")
        #expect(message { _ = try a[-1..<1] } == "slice -1..<1 of dimension 0 of [3, 4]")
        #expect(try a.clone()[1].floats() == [4, 5, 6, 7])
    }

    @Test("Shapes change, and elements are selected and gathered")
    func shapes() throws {
        let a = try engine.tensor((0..<6).map(Float.init), shape: [2, 3])
        #expect(try a.reshaped([3, -1]).shape == [3, 2])
        #expect(try a.reshaped([1, 2, 3]).expanded(to: [4, 2, 3]).shape == [4, 2, 3])
        #expect(try engine.concatenate([a, a], dimension: 1).shape == [2, 6])
        let indices = try engine.tensor([2, 0] as [Int64])
        #expect(try a.selecting(indices, dimension: 1).floats() == [2, 0, 5, 3])
        #expect(try a.gathering(indices.reshaped([2, 1]), dimension: 1).floats() == [2, 3])
        #expect(message { _ = try a.reshaped([4]) }?.hasPrefix("reshaping [2, 3] to [4]: ") == true)
        #expect(message { _ = try engine.concatenate([a, a[0]]) }?.hasPrefix("concatenating [[2, 3], [3]]: ") == true)
    }

    @Test("Errors name the operation and the shapes in one line")
    func errors() throws {
        let a = try engine.zeros([4, 8])
        let b = try engine.zeros([7, 3])
        let matmul = try #require(message { _ = try a.matmul(b) })
        #expect(matmul.hasPrefix("matmul of [4, 8] by [7, 3]: "))
        #expect(message { _ = try a + b }?.hasPrefix("sum of [4, 8] by [7, 3]: ") == true)
        #expect(message { _ = try a.item() } == "item of a tensor of [4, 8], which has not one element")
        #expect(message { _ = try a.array(of: Int64.self) } == "reading i64 from a tensor of f32 [4, 8]")
        let three: [Float] = [1, 2, 3]
        #expect(message { _ = try engine.tensor(three, shape: [2, 2]) } == "a tensor of [2, 2] from 3 elements")
        #expect(message { try a.backward() }?.hasPrefix("backward from [4, 8]: ") == true)
        #expect(message { try a.assign(b) } != nil)
        let all = [matmul, message { _ = try a.softmax(5) }, message { try a.assign(b) }]
        for text in all.compactMap(\.self) { #expect(!text.contains("\n"), "\(text)") }
    }

    @Test("A failed operation leaves the engine usable, and too much memory is an error of its own")
    func outOfMemory() throws {
        let error = #expect(throws: TensorError.self) { _ = try engine.zeros([1 << 40, 1 << 10]) }
        #expect(error?.code == .outOfMemory, "\(String(describing: error))")
        #expect(try engine.full([2], 3).sum().item() == 6)
    }

    @Test("Gradients follow the chain rule, add up and can be cut")
    func autograd() throws {
        let x = try engine.tensor([1, 2, 3] as [Float]).requiringGradient()
        try (x * x).sum().backward()
        #expect(try x.gradient().floats() == [2, 4, 6])
        try (x * 3).sum().backward()
        #expect(try x.gradient().floats() == [5, 7, 9])
        #expect(try (x.detached() * x).requiresGradient)
        #expect(try x.detached().requiresGradient == false)
        #expect(try engine.withoutGradients { try (x * x).requiresGradient } == false)
        #expect(message { _ = try engine.zeros([2]).gradient() }?.contains("backward") == true)
        #expect(message { try engine.tensor([1] as [Int64]).requiringGradient() }?.contains("i64 [1]") == true)
    }

    @Test("A body that throws leaves gradients on")
    func withoutGradientsThrowing() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) { try engine.withoutGradients { throw Stop() } }
        #expect(try engine.zeros([1]).requiringGradient().exp().requiresGradient)
    }

    @Test("Devices are read from text", arguments: [("cpu", "cpu"), ("cuda", "cuda:0"), ("cuda:3", "cuda:3")])
    func devices(text: String, name: String) throws {
        #expect(Device(text)?.description == name)
    }

    @Test("Other text is no device", arguments: ["", "gpu", "cuda:", "cuda:-1", "cpu:1", "cuda:x"])
    func noDevice(text: String) {
        #expect(Device(text) == nil)
    }

    @Test("A device that is not there is refused")
    func absentDevice() throws {
        #expect(engine.devices.first == .cpu)
        #expect(throws: TensorError.self) { _ = try engine.zeros([1], device: .cuda(99)) }
    }
}
