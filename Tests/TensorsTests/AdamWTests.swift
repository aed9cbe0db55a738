// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tensors
import TestSupport
import Testing

/// The optimiser against torch.optim.AdamW (Scripts/goldens/adamw.py).
@Suite("AdamW")
struct AdamWTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            var beta1: Double
            var beta2: Double
            var epsilon: Double
            var weight_decay: Double
            var gradient_scale: Double
            var start: [String: [Float]]
            var steps: [Step]
        }

        struct Step: Decodable {
            var learning_rate: Double
            var gradients: [String: [Float]]
            var values: [String: [Float]]
        }

        var shapes: [String: [Int]]
        var cases: [Case]
    }

    private let engine: TorchEngine
    private let golden: Golden

    init() throws {
        engine = try TestEngine.load()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/adamw.json")
        golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }

    private func parameters(_ golden: Golden.Case, working: DType) throws -> [Parameter] {
        try golden.start.keys.sorted().map { name in
            let shape = self.golden.shapes[name] ?? []
            let master = try engine.tensor(golden.start[name] ?? [], shape: shape)
            return Parameter(
                name: name,
                master: master,
                gradient: try engine.zeros(shape),
                working: working == .float32 ? master : try master.to(working)
            )
        }
    }

    @Test(
        "It moves as PyTorch's does, over f32 and bf16 working weights",
        arguments: 0..<3,
        [DType.float32, .bfloat16]
    )
    func equalsTorch(number: Int, working: DType) throws {
        let golden = golden.cases[number]
        let parameters = try parameters(golden, working: working)
        var optimizer = try AdamW(
            parameters,
            configuration: .init(
                beta1: golden.beta1,
                beta2: golden.beta2,
                epsilon: golden.epsilon,
                weightDecay: golden.weight_decay
            )
        )
        for step in golden.steps {
            for parameter in parameters {
                let gradient = try engine.tensor(step.gradients[parameter.name] ?? [], shape: parameter.master.shape)
                try #require(parameter.gradient).assign(gradient)
            }
            try optimizer.update(learningRate: step.learning_rate, gradientScale: golden.gradient_scale)
            for parameter in parameters {
                let expected = try engine.tensor(step.values[parameter.name] ?? [], shape: parameter.master.shape)
                try expectClose(parameter.master, expected, tolerance: 1e-6, parameter.name)
                #expect(try parameter.working.floats() == parameter.master.to(working).floats())
            }
        }
        #expect(optimizer.step == golden.steps.count)
    }

    @Test("The gradients' norm spans all parameters; a reset makes it 0")
    func gradientNorm() throws {
        let parameters = try parameters(golden.cases[0], working: .float32)
        let optimizer = try AdamW(parameters, configuration: .init())
        var squares = 0.0
        for (index, parameter) in parameters.enumerated() {
            let values = try engine.numbers(parameter.master.shape, seed: UInt64(index), scale: 5)
            try #require(parameter.gradient).assign(values)
            squares += try values.floats().reduce(0) { $0 + Double($1) * Double($1) }
        }
        #expect(abs(try optimizer.gradientNorm() - squares.squareRoot()) < 1e-9)
        try #require(parameters[0].gradient).assign(engine.full(parameters[0].master.shape, .nan))
        #expect(try optimizer.gradientNorm().isNaN)
        try optimizer.resetGradients()
        #expect(try optimizer.gradientNorm() == 0)
    }

    @Test("Large gradients do not overflow the norm, many blocks add up")
    func normOfManyBlocks() throws {
        let shape = [70_000]
        let parameter = Parameter(
            name: "long",
            master: try engine.zeros(shape),
            gradient: try engine.full(shape, 1e20),
            working: try engine.zeros(shape)
        )
        let norm = try AdamW([parameter], configuration: .init()).gradientNorm()
        #expect(abs(norm / (1e20 * 70_000.0.squareRoot()) - 1) < 1e-6)
    }

    @Test("Frozen parameters stay, and nothing to train is no error")
    func frozen() throws {
        let master = try engine.full([2, 2], 1)
        let frozen = Parameter(name: "frozen", master: master, gradient: nil, working: master)
        var optimizer = try AdamW([frozen], configuration: .init(weightDecay: 0.5))
        #expect(optimizer.parameters.isEmpty)
        #expect(try optimizer.gradientNorm() == 0)
        try optimizer.update(learningRate: 1)
        #expect(try master.floats() == [1, 1, 1, 1])
    }
}
