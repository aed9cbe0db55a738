// SPDX-License-Identifier: Apache-2.0

public import ChatModels

/// A model that was asked: what its calls are recorded under.
public struct KnownJudge: Sendable, Hashable {
    /// The model's name.
    public var model: String
    /// How structured output was asked for.
    public var mode: String
    /// What the model could do.
    public var features: ChatFeatures

    /// Makes a judge.
    public init(model: String, mode: String, features: ChatFeatures) {
        self.model = model
        self.mode = mode
        self.features = features
    }
}
