// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Runs

/// The plots of a run's metrics.
struct TrainingCurves {
    private let history: RunHistory
    /// How many steps a smoothed point covers; short runs are shown as they are.
    private let window: Int

    init(_ history: RunHistory) {
        self.history = history
        window = history.metrics.count < 12 ? 1 : 5
    }

    /// Reward in training and on held-out prompts.
    var results: [PlotFigure] {
        [training, heldOut].compactMap { $0?.figure }
    }

    /// What the policy came to satisfy, and how its answers changed.
    var changes: [PlotFigure] {
        [heldOutByKind, byKind, byImportance, lengths].compactMap { $0?.figure }
    }

    /// How the training itself went.
    var health: [PlotFigure] {
        (completions + policy + speed).compactMap { plot in
            var plot = plot
            plot.size = .small
            return plot.figure
        }
    }
}

extension TrainingCurves {
    private var training: LinePlot? {
        let steps = history.rewards
        guard !steps.isEmpty else {
            let metrics = [(metric: MetricName.rewardMean, name: "reward", color: PlotColor.main)]
            return plot("Reward in training", "Mean reward of each step's rollouts.", metrics)
        }
        let dots = LinePlot.Series(
            name: "each step",
            color: .quiet,
            points: steps.map { LinePlot.Point(step: $0.step, value: $0.mean) },
            mark: .dots
        )
        let smooth = LinePlot.Series(
            name: window > 1 ? "mean of \(window)" : "mean",
            color: .main,
            points: steps.indices.map(smoothed)
        )
        let words = window > 1 ? "Line: mean of the last \(window) steps. Dots: single steps." : "Mean of each step."
        return LinePlot(
            title: "Reward in training",
            note: "\(words) Band: 95% interval over the prompts sampled.",
            series: window > 1 ? [dots, smooth] : [smooth],
            bounds: history.rewards.allSatisfy { $0.groups.allSatisfy { (0...1).contains($0) } } ? 0...1 : nil
        )
    }

    /// The mean over the groups of the last steps. A prompt's samples are alike, so prompts are what is counted.
    private func smoothed(at index: Int) -> LinePlot.Point {
        let groups = history.rewards[max(0, index - window + 1)...index].flatMap(\.groups)
        let mean = groups.reduce(0, +) / Double(groups.count)
        var point = LinePlot.Point(step: history.rewards[index].step, value: mean)
        if groups.count > 2 {
            let variance = groups.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(groups.count - 1)
            let margin = 1.96 * (variance / Double(groups.count)).squareRoot()
            point.band = (mean - margin)...(mean + margin)
        }
        return point
    }

    private var heldOut: LinePlot? {
        let heldOut = history.heldOut
        var points = history.metrics.compactMap { row -> LinePlot.Point? in
            guard let mean = row.values[MetricName.heldOutMean] else { return nil }
            var point = LinePlot.Point(step: row.step, value: mean)
            if let low = row.values[MetricName.heldOutLow], let high = row.values[MetricName.heldOutHigh], low <= high {
                point.band = low...high
            }
            return point
        }
        if points.isEmpty {
            points = heldOut.steps.compactMap { step in
                heldOut.rewards[step]?.mean.map { LinePlot.Point(step: step, value: $0) }
            }
        }
        return LinePlot(
            title: "Reward on held-out prompts",
            note: "Mean over prompts, the same prompts and seeds each time. Band: 95% interval over prompts.",
            series: [.init(name: "held-out", color: .main, points: points)],
            bounds: points.allSatisfy { (0...1).contains($0.value) } ? 0...1 : nil
        )
    }

    private var heldOutByKind: LinePlot? {
        let series = [(CriterionKind.content, PlotColor.content), (.form, .form)].map { kind, color in
            var points = history.points(MetricName.heldOutMean(kind))
            if points.isEmpty {
                points = history.heldOut.steps.compactMap { step in
                    history.heldOut.kindRewards[kind]?[step]?.mean.map { LinePlot.Point(step: step, value: $0) }
                }
            }
            return LinePlot.Series(name: kind.rawValue, color: color, points: points)
        }
        return LinePlot(
            title: "Held-out reward by kind",
            note: "Share of the weight of content criteria, and of form criteria, that was credited.",
            series: series,
            bounds: 0...1
        )
    }

    private var byImportance: LinePlot {
        let colors: [Importance: PlotColor] = [
            .essential: .essential, .important: .important, .optional: .optional, .pitfall: .pitfall,
        ]
        return LinePlot(
            title: "Pass rate by importance",
            note: "Share of criteria credited in training rollouts; an avoided pitfall is credited.\(smoothingNote)",
            series: Importance.allCases.map { importance in
                series(MetricName.passRate(importance), importance.rawValue, colors[importance] ?? .main)
            },
            format: .percent,
            bounds: 0...1
        )
    }

    private var byKind: LinePlot {
        LinePlot(
            title: "Pass rate by kind",
            note: "Share of content and of form criteria credited in training rollouts.\(smoothingNote)",
            series: [
                series(MetricName.passRate(.content), "content", .content),
                series(MetricName.passRate(.form), "form", .form),
            ],
            format: .percent,
            bounds: 0...1
        )
    }

    private var smoothingNote: String { window > 1 ? " Means of \(window) steps." : "" }

    private func series(_ metric: String, _ name: String, _ color: PlotColor) -> LinePlot.Series {
        let raw = history.points(metric)
        let points = raw.indices.map { index in
            let values = raw[max(0, index - window + 1)...index].map(\.value)
            return LinePlot.Point(step: raw[index].step, value: values.reduce(0, +) / Double(values.count))
        }
        return LinePlot.Series(name: name, color: color, points: points)
    }
}

extension TrainingCurves {
    private var lengths: LinePlot {
        plot(
            "Length of completions",
            "Mean over the training rollouts of a step, in tokens.",
            [(MetricName.completionTokens, "tokens", .main)],
            .significant,
            zero: true
        )
    }

    private var completions: [LinePlot] {
        let equal = "Share of groups whose rewards are all equal."
        return [
            share("Cut at the token limit", "Share of completions.", MetricName.truncatedShare),
            share("Groups that teach nothing", equal, MetricName.zeroVarianceShare),
        ]
    }

    private var policy: [LinePlot] {
        [
            plot("Entropy", "Of the next token, in nats.", [(MetricName.entropy, "entropy", .main)], zero: true),
            plot(
                "KL to the reference policy",
                "Nats per token.",
                [(MetricName.kl, "KL", .main)],
                .significant,
                zero: true
            ),
            plot(
                "Sampling gap",
                "Nats between log-probabilities at sampling and in training.",
                [(MetricName.samplingGapMean, "mean", .main), (MetricName.samplingGapMax, "largest", .quiet)],
                .significant,
                zero: true
            ),
            plot(
                "Gradient norm",
                "Before clipping.",
                [(MetricName.gradientNorm, "norm", .main)],
                .significant,
                zero: true
            ),
        ]
    }

    private var speed: [LinePlot] {
        [
            plot(
                "Sampling speed",
                "Tokens a second.",
                [(MetricName.decodeRate, "tok/s", .main)],
                .significant,
                zero: true
            ),
            plot(
                "Training speed",
                "Tokens a second.",
                [(MetricName.trainRate, "tok/s", .main)],
                .significant,
                zero: true
            ),
            plot(
                "Seconds a step",
                "Without evaluation and checkpoints.",
                [
                    (MetricName.stepTime, "whole", .main), (MetricName.rolloutTime, "sampling", .content),
                    (MetricName.gradeTime, "judging", .quiet), (MetricName.updateTime, "update", .form),
                ],
                .significant,
                zero: true
            ),
        ]
    }

    private func share(_ title: String, _ note: String, _ metric: String) -> LinePlot {
        var plot = plot(title, note, [(metric, "share", .main)], .percent, zero: true)
        plot.bounds = 0...1
        return plot
    }

    private func plot(
        _ title: String,
        _ note: String,
        _ metrics: [(metric: String, name: String, color: PlotColor)],
        _ format: NumberFormat = .decimals(2),
        zero: Bool = false
    ) -> LinePlot {
        LinePlot(
            title: title,
            note: note,
            series: metrics.map { LinePlot.Series(name: $0.name, color: $0.color, points: history.points($0.metric)) },
            format: format,
            includesZero: zero
        )
    }
}
