// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// Where a run stands between steps.
public struct TrainingState: Sendable {
    /// The last finished step.
    public internal(set) var step = 0
    /// The step of the checkpoint that the run goes on from, -1 when it was killed before its first; `nil` for a new run.
    public internal(set) var resumedAfter: Int?
    /// The running number of the next rollout.
    var rollouts = 0
    /// The step of the newest checkpoint; `nil` before the first.
    var savedStep: Int?
    /// Completions for the next step that the checkpoint holds, sampled but not judged.
    var sampled: [SampledRecord] = []
    /// The best held-out mean so far.
    var bestScore = -Double.infinity
    /// Held-out results of the untrained policy.
    var before: [HeldOutRecord] = []
    /// The newest held-out results.
    var after: [HeldOutRecord] = []
    /// What a reader of the summary must know of how the run went; kept in checkpoints.
    var notes: [String] = []
    private var stepSeconds: [Double] = []
    private var sampledTokens = 0.0
    private var samplingSeconds = 0.0

    /// The start of a run.
    public init() {}

    /// Notes a finished step, of this process or of one that the run goes on from.
    mutating func finish(_ metrics: StepMetrics) {
        step = metrics.step
        if let seconds = metrics.values[MetricName.stepTime] { stepSeconds.append(seconds) }
        guard let seconds = metrics.values[MetricName.rolloutTime], let rate = metrics.values[MetricName.decodeRate]
        else { return }
        sampledTokens += rate * seconds
        samplingSeconds += seconds
    }

    /// The median wall time of the run's steps, held-out evaluation and checkpoints excluded.
    var medianStepSeconds: Double { median(stepSeconds) ?? 0 }

    /// Sampled tokens a second over the run's rollouts, prompts included in the time.
    var decodeTokensPerSecond: Double {
        samplingSeconds > 0 ? sampledTokens / samplingSeconds : 0
    }
}

/// What a checkpoint keeps besides the weights and the optimiser's moments: `state.json`.
struct SavedState: Sendable {
    var step: Int
    var rollouts: Int
    var bestScore: Double?
    var optimizerStep: Int
    var randomState: [UInt8]
    var machine: MachineDescription
    var notes: [String]

    var json: JSONValue {
        [
            "version": 1, "step": .integer(step), "rollouts": .integer(rollouts),
            "best_score": bestScore.map(JSONValue.number) ?? .null, "optimizer_step": .integer(optimizerStep),
            "random_state": .string(Hexadecimal.text(randomState)), "machine": machine.json,
            "notes": .array(notes.map(JSONValue.string)),
        ]
    }

    init(
        step: Int,
        rollouts: Int,
        bestScore: Double?,
        optimizerStep: Int,
        randomState: [UInt8],
        machine: MachineDescription,
        notes: [String]
    ) {
        self.step = step
        self.rollouts = rollouts
        self.bestScore = bestScore
        self.optimizerStep = optimizerStep
        self.randomState = randomState
        self.machine = machine
        self.notes = notes
    }

    init(_ value: JSONValue, file: String) throws {
        guard value["version"]?.int == 1, let step = value["step"]?.int, let rollouts = value["rollouts"]?.int,
            let optimizerStep = value["optimizer_step"]?.int,
            let randomState = value["random_state"]?.string.flatMap(Hexadecimal.bytes),
            let machine = value["machine"].flatMap(MachineDescription.init)
        else {
            throw TrainingError(
                .checkpoint,
                "\(file) is not a training state: remove this checkpoint's folder and resume from the one before"
            )
        }
        self.init(
            step: step,
            rollouts: rollouts,
            bestScore: value["best_score"]?.double,
            optimizerStep: optimizerStep,
            randomState: randomState,
            machine: machine,
            notes: value["notes"]?.array?.compactMap(\.string) ?? []
        )
    }
}

/// What bit-identical results depend on besides the seed.
struct MachineDescription: Sendable, Hashable {
    var engine: String
    var torch: String
    var cpu: String
    var threads: Int

    var json: JSONValue {
        [
            "engine": .string(engine), "torch": .string(torch), "cpu": .string(cpu), "threads": .integer(threads),
        ]
    }

    init(engine: String, torch: String, cpu: String, threads: Int) {
        self.engine = engine
        self.torch = torch
        self.cpu = cpu
        self.threads = threads
    }

    init?(_ value: JSONValue) {
        guard let engine = value["engine"]?.string, let torch = value["torch"]?.string,
            let cpu = value["cpu"]?.string, let threads = value["threads"]?.int
        else { return nil }
        self.init(engine: engine, torch: torch, cpu: cpu, threads: threads)
    }
}

private enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
