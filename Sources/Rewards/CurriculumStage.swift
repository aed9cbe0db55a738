// SPDX-License-Identifier: Apache-2.0

/// A stretch of training in which criteria weigh otherwise than recorded, for example essential ones alone at first.
public struct CurriculumStage: Sendable, Hashable, Codable {
    /// The share of all steps at which the stage ends, above 0 and at most 1.
    public var until: Double
    /// The weights in force: a table by importance, or another scheme's name.
    public var weights: Weighting

    /// Makes a stage.
    public init(until: Double, weights: Weighting) {
        self.until = until
        self.weights = weights
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case until
        case weights
    }
}

extension [CurriculumStage] {
    /// The stage in force at a step: the first that has not ended; `nil` after the last, where the method's own weights
    /// hold.
    ///
    /// A stage holds up to and including the step that is its share of all steps.
    func stage(at moment: TrainingMoment) -> CurriculumStage? {
        // 0.3 of 10 steps is a little less than 3 in binary.
        first { Double(moment.step) <= $0.until * Double(moment.steps) + 1e-9 }
    }

    /// What is wrong with the stages' ends; `nil` when nothing is.
    var problem: String? {
        var last = 0.0
        for until in map(\.until) {
            guard until > last, until <= 1 else {
                return "curriculum: until \(until) is not above \(last) and at most 1; stages end one after another"
            }
            last = until
        }
        return nil
    }
}
