// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What happens in a training run, in order; the recorder, the console and a live page all live on these.
///
/// A step's events come in this order: any number of `progressed`; `graded` before the first optimiser step;
/// `evaluated` when the held-out prompts are due; `finishedStep`; `saved`. A step that pauses the run has `saved`, unless
/// the state before it is saved already, and `paused` alone. The producer goes on once an event has been
/// handled, so what a recorder has written when it comes back for the next event is on disk before the weights move.
public enum TrainingEvent: Sendable, Hashable {
    /// The run begins, or goes on after `resumedAfter`.
    case started(TrainingPlan)
    /// A phase went on.
    case progressed(PhaseProgress)
    /// A step's rollouts are sampled and judged.
    case graded(step: Int, rollouts: [RolloutRecord])
    /// The held-out prompts were sampled and judged with the weights after `step`; 0 is before training.
    case evaluated(step: Int, samples: [HeldOutRecord])
    /// A step has ended; step 0 carries the metrics of the untrained policy.
    case finishedStep(StepMetrics)
    /// A checkpoint stands at this folder.
    case saved(step: Int, folder: URL)
    /// Too many of the step's completions have no reward: nothing of the step is kept, and the run ends until it is
    /// resumed.
    case paused(step: Int, reason: String)
    /// Something that a reader should know but that stops nothing.
    case warned(String)
    /// The run has ended.
    case finished(RunSummary)
}

/// What a run sets out to do.
public struct TrainingPlan: Sendable, Hashable {
    /// The run's name.
    public var name: String
    /// The steps of the whole run.
    public var steps: Int
    /// The step of the checkpoint that the run goes on from; `nil` for a run from the start.
    public var resumedAfter: Int?

    /// Makes a plan.
    public init(name: String, steps: Int, resumedAfter: Int? = nil) {
        self.name = name
        self.steps = steps
        self.resumedAfter = resumedAfter
    }
}

/// How far a phase of a step is.
public struct PhaseProgress: Sendable, Hashable {
    /// What is being done.
    public enum Phase: String, Sendable, Hashable, CaseIterable {
        case loading
        case sampling
        case judging
        case updating
        case evaluating
        case saving
    }

    /// What is being done.
    public var phase: Phase
    /// The step it is done for.
    public var step: Int
    /// How many units are done.
    public var completed: Int
    /// How many units there are.
    public var total: Int
    /// What is counted, in the plural: "completions", "groups", "MB".
    public var unit: String
    /// Tokens sampled or trained on since the phase began, where the phase has any.
    public var tokens: Int?

    /// Makes a phase's progress.
    public init(_ phase: Phase, step: Int, completed: Int, total: Int, unit: String, tokens: Int? = nil) {
        self.phase = phase
        self.step = step
        self.completed = completed
        self.total = total
        self.unit = unit
        self.tokens = tokens
    }
}
