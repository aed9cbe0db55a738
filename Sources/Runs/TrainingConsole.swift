// SPDX-License-Identifier: Apache-2.0

/// Shows a run's events to a person: one line a step that stays, and on a terminal a live line for the phase below it.
public struct TrainingConsole<Time: Clock> where Time.Duration == Duration {
    private var line: ProgressLine<Time>
    private var plan = TrainingPlan(name: "", steps: 0)
    private var phase: PhaseProgress?
    private var phaseStart: Time.Instant
    private var stepStart: Time.Instant
    private var durations: [Double] = []
    private var lastReward: Double?
    private var samplingRate: Double?
    private var scored = ""

    /// Makes a console that writes through a progress line.
    public init(_ line: ProgressLine<Time>) {
        self.line = line
        phaseStart = line.clock.now
        stepStart = line.clock.now
    }

    /// Shows an event.
    public mutating func show(_ event: TrainingEvent) {
        switch event {
        case .started(let plan): start(plan)
        case .progressed(let progress): advance(progress)
        case .graded(_, let rollouts): grade(rollouts)
        case .evaluated(let step, let samples): evaluate(samples, step: step)
        case .finishedStep(let metrics): finish(metrics)
        case .saved: break
        case .paused(_, let reason): line.write("paused: \(reason)")
        case .warned(let text): line.write("warning: \(text)")
        case .finished(let summary): finish(summary)
        }
    }

    private mutating func start(_ plan: TrainingPlan) {
        self.plan = plan
        stepStart = line.clock.now
        let from = plan.resumedAfter.map { $0 < 0 ? ", resumed from the start" : ", resumed after step \($0)" } ?? ""
        line.write("run \(plan.name): \(plan.steps) steps\(from)")
    }

    private mutating func advance(_ progress: PhaseProgress) {
        let now = line.clock.now
        if phase?.phase != progress.phase || phase?.step != progress.step { phaseStart = now }
        phase = progress
        let elapsed = phaseStart.duration(to: now).seconds
        let rate = progress.tokens.flatMap { $0 > 0 && elapsed > 0 ? Double($0) / elapsed : nil }
        if progress.phase == .sampling { samplingRate = rate ?? samplingRate }
        line.show(describe(progress, elapsed: elapsed, tokenRate: rate))
    }

    private func describe(_ progress: PhaseProgress, elapsed: Double, tokenRate: Double?) -> String {
        var parts = [
            "step \(progress.step)/\(plan.steps) \(progress.phase.rawValue)",
            "\(progress.completed)/\(progress.total) \(progress.unit)",
        ]
        if let tokenRate { parts.append("\(ProgressText.rate(tokenRate)) tok/s") }
        if progress.completed > 0, progress.completed < progress.total, elapsed > 0 {
            let rest = elapsed / Double(progress.completed) * Double(progress.total - progress.completed)
            parts.append("\(ProgressText.duration(.seconds(rest))) left")
        }
        if let lastReward { parts.append("reward \(ProgressText.fixed(lastReward, digits: 3))") }
        if let left = timeLeft(after: progress.step - 1) { parts.append("run \(left) left") }
        return parts.joined(separator: " · ")
    }

    private mutating func grade(_ rollouts: [RolloutRecord]) {
        let rewards = rollouts.compactMap(\.completion.reward)
        scored = "scored \(rewards.count)/\(rollouts.count)"
        lastReward = rewards.isEmpty ? nil : rewards.reduce(0, +) / Double(rewards.count)
    }

    private mutating func evaluate(_ samples: [HeldOutRecord], step: Int) {
        let rewards = samples.compactMap(\.completion.reward)
        guard !rewards.isEmpty else { return }
        let mean = ProgressText.fixed(rewards.reduce(0, +) / Double(rewards.count), digits: 3)
        line.write("held-out after step \(step): reward \(mean) over \(rewards.count) completions")
    }

    private mutating func finish(_ metrics: StepMetrics) {
        let now = line.clock.now
        let seconds = stepStart.duration(to: now).seconds
        stepStart = now
        guard metrics.step > 0 else { return }
        durations = (durations + [seconds]).suffix(5)
        var parts = ["step \(metrics.step)/\(plan.steps)"]
        let reward = metrics.values[MetricName.rewardMean].map { "reward \(ProgressText.fixed($0, digits: 3))" }
        parts += [reward ?? "", scored]
        if let samplingRate { parts.append("rollout \(ProgressText.rate(samplingRate)) tok/s") }
        parts.append("\(ProgressText.fixed(seconds, digits: 1)) s")
        if let left = timeLeft(after: metrics.step) { parts.append("\(left) left") }
        line.write(parts.filter { !$0.isEmpty }.joined(separator: " · "))
    }

    private mutating func finish(_ summary: RunSummary) {
        guard let change = summary.heldOut else {
            line.write("finished after \(summary.steps) steps")
            return
        }
        let difference = change.difference
        let numbers = [change.before, change.after, difference.mean, difference.low, difference.high]
            .map { ProgressText.fixed($0, digits: 3) }
        line.write(
            "finished after \(summary.steps) steps: held-out reward \(numbers[0]) → \(numbers[1]), "
                + "difference \(numbers[2]) (95% interval \(numbers[3]) to \(numbers[4]))"
        )
    }

    /// The time that the remaining steps will take at the pace of the last five.
    private func timeLeft(after step: Int) -> String? {
        guard !durations.isEmpty, step < plan.steps else { return nil }
        let pace = durations.reduce(0, +) / Double(durations.count)
        return ProgressText.duration(.seconds(pace * Double(plan.steps - step)))
    }
}
