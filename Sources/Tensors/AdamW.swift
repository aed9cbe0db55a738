// SPDX-License-Identifier: Apache-2.0

import CTorchEngine

/// A trained parameter: fp32 master values, their gradient, and the copy that computes.
public struct Parameter {
    /// The name in Hugging Face's layout, or of the fused matrix.
    public var name: String
    /// The fp32 values that the optimiser moves.
    public var master: Tensor
    /// The fp32 buffer to which backward passes add; `nil` for a frozen parameter.
    public var gradient: Tensor?
    /// The values in the compute type; the master itself where that is f32.
    public var working: Tensor

    /// Makes a parameter.
    public init(name: String, master: Tensor, gradient: Tensor?, working: Tensor) {
        self.name = name
        self.master = master
        self.gradient = gradient
        self.working = working
    }

    /// The pair that fused operations take.
    public var weight: Weight { Weight(working: working, gradient: gradient) }
}

/// AdamW (Loshchilov & Hutter 2019) with the arithmetic of `torch.optim.AdamW`.
public struct AdamW {
    /// The optimiser's settings besides the learning rate, which the schedule gives at each step.
    public struct Configuration: Sendable, Hashable {
        /// Decay of the first moment.
        public var beta1: Double
        /// Decay of the second moment.
        public var beta2: Double
        /// Added to the root of the second moment.
        public var epsilon: Double
        /// Decoupled weight decay, for matrices only: vectors (norms, biases) are not decayed.
        public var weightDecay: Double

        /// PyTorch's defaults, without weight decay.
        public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
        }
    }

    /// The settings.
    public let configuration: Configuration
    /// What is trained.
    public let parameters: [Parameter]
    /// The running means of gradients, one a parameter.
    public let firstMoments: [Tensor]
    /// The running means of squared gradients, one a parameter.
    public let secondMoments: [Tensor]
    /// Steps taken.
    public var step = 0

    /// Starts with zero moments for the parameters that have a gradient buffer.
    public init(_ parameters: [Parameter], configuration: Configuration) throws {
        self.configuration = configuration
        let trained = parameters.filter { $0.gradient != nil }
        let zeros = { try trained.map { try $0.master.engine.zeros($0.master.shape, device: $0.master.device) } }
        self.parameters = trained
        firstMoments = try zeros()
        secondMoments = try zeros()
    }

    /// The Euclidean norm over all gradients.
    public func gradientNorm() throws -> Double {
        guard let engine = parameters.first?.master.engine else { return 0 }
        let gradients = parameters.map { $0.gradient?.pointer }
        var norm = 0.0
        try engine.check(
            engine.table.pointee.gradient_norm(gradients, Int64(gradients.count), &norm),
            "the gradients' norm"
        )
        return norm
    }

    /// Sets every gradient to zero.
    public func resetGradients() throws {
        for parameter in parameters { try parameter.gradient?.fillWithZeros() }
    }

    /// Moves the parameters once.
    ///
    /// - Parameters:
    ///   - learningRate: This step's learning rate.
    ///   - gradientScale: What gradients are multiplied by first: clipping.
    /// - Throws: ``TensorError`` when the tensors are not contiguous f32.
    public mutating func update(learningRate: Double, gradientScale: Double = 1) throws {
        step += 1
        for (decays, decay) in [(true, configuration.weightDecay), (false, 0)] {
            let indices = parameters.indices.filter { (parameters[$0].master.shape.count > 1) == decays }
            guard let first = indices.first else { continue }
            let codes = indices.map(code)
            let engine = parameters[first].master.engine
            let options = rubrics_adamw_options(
                learning_rate: learningRate,
                beta1: configuration.beta1,
                beta2: configuration.beta2,
                epsilon: configuration.epsilon,
                weight_decay: decay,
                gradient_scale: gradientScale,
                step: Int64(step)
            )
            try engine.check(engine.table.pointee.adamw(codes, Int64(codes.count), options), "AdamW")
        }
    }

    private func code(_ index: Int) -> rubrics_adamw_parameter {
        let parameter = parameters[index]
        let sharesMaster = parameter.working.dtype == .float32
        return rubrics_adamw_parameter(
            master: parameter.master.pointer,
            gradient: parameter.gradient?.pointer,
            first_moment: firstMoments[index].pointer,
            second_moment: secondMoments[index].pointer,
            working: sharesMaster ? nil : parameter.working.pointer
        )
    }
}
