// SPDX-License-Identifier: Apache-2.0

import Rubrics
import Testing

@Suite("Formats, over random tasks")
struct FormatPropertyTests {
    /// A task in a format and back; `nil` where the format cannot hold it.
    private func back(_ task: RubricTask, _ format: RubricFormat) throws -> (row: JSONValue, task: RubricTask)? {
        let conversion = Conversion(from: .native, to: format, undecided: .dropCriterion)
        guard let row = try? conversion.convert(task).row else { return nil }
        let file: String
        switch format.layout {
        case .lines: file = "t.jsonl"
        case .files(let extensions): file = FileName.name(of: task.id, fileExtension: extensions[0])
        }
        return (row, try RubricRow.only(in: conversion.text(of: row), file: file, as: format).task)
    }

    @Test("Every format reads what it writes, and writes the same again", arguments: RubricFormat.allCases)
    func stable(format: RubricFormat) throws {
        for seed in 0..<60 {
            var random = RandomJSON(seed: seed)
            var task = random.task().withoutMarks
            task.provenance = task.provenance ?? Provenance()
            guard let (row, read) = try back(task, format) else { continue }
            var again = read
            if again.prompt.isEmpty { again.prompt = task.prompt }
            let conversion = Conversion(from: format, to: format)
            let second = try conversion.convert(again).row
            #expect(second == row, "seed \(seed): \(second.serialized()) after \(row.serialized())")
        }
    }

    private static let carrying: [RubricFormat] = [.native, .trl, .verl, .openRLHF]

    @Test("Rows that carry the native rubric lose nothing", arguments: carrying)
    func lossless(format: RubricFormat) throws {
        for seed in 0..<60 {
            var random = RandomJSON(seed: seed)
            var task = random.task()
            if task.provenance == nil { task.provenance = Provenance() }
            let result = try Conversion(from: .native, to: format).convert(task)
            #expect(result.losses.isEmpty)
            #expect(try back(task, format)?.task == task, "seed \(seed)")
        }
    }

    private static let signed: [RubricFormat] = [
        .healthBench, .openInstruct, .verifiers, .autorubric, .rubric, .rewardkit,
    ]

    @Test("Statements, weights and polarities survive where a format states them", arguments: signed)
    func statements(format: RubricFormat) throws {
        for seed in 0..<60 {
            var random = RandomJSON(seed: seed)
            let task = random.task().withoutMarks
            guard let (_, read) = try back(task, format) else { continue }
            let kept = task.criteria.filter { $0.polarity != .undecided }
            #expect(read.criteria.map { ExactText($0.description) } == kept.map { ExactText($0.description) })
            #expect(read.criteria.map(\.polarity) == kept.map(\.polarity))
            #expect(read.criteria.map(\.weight) == kept.map { $0.weight ?? $0.importance?.paperWeight })
            if format == .healthBench || format == .openInstruct { #expect(read.prompt == task.prompt) }
            if case .files = format.layout { #expect(read.id.isExactly(task.id)) }
        }
    }

    @Test("RaR keeps statements, importances and magnitudes")
    func rar() throws {
        for seed in 0..<60 {
            var random = RandomJSON(seed: seed)
            var task = random.task()
            // White space at the start of a statement belongs to the prefix.
            for index in task.criteria.indices {
                task.criteria[index].description = "D" + task.criteria[index].description
            }
            let read = try #require(try back(task, .rar)).task
            #expect(read.criteria.map { ExactText($0.description) } == task.criteria.map { ExactText($0.description) })
            #expect(read.criteria.map(\.weight) == task.criteria.map(\.weight))
            for (before, after) in zip(task.criteria, read.criteria) where before.importance != nil {
                #expect(before.importance == after.importance)
            }
        }
    }

    @Test("A conversion that is not marked scores alike, whatever the verdicts", arguments: RubricFormat.allCases)
    func scores(target: RubricFormat) throws {
        for source in RubricFormat.allCases {
            for mask in 0..<8 {
                let faults = (0..<3).map { mask >> $0 & 1 == 1 }
                let criteria = faults.enumerated().map { index, isFault in
                    Criterion(
                        id: "c\(index + 1)",
                        description: "d",
                        weight: Double(index + 1),
                        polarity: isFault ? .negative : .positive
                    )
                }
                let task = RubricTask(id: "a", prompt: [Message(role: .user, content: "p")], criteria: criteria)
                let losses = try Conversion(from: source, to: target).convert(task).losses
                guard !losses.contains(where: { $0.kind == .normalizer || $0.kind == .ratingScale }) else { continue }
                for verdicts in 0..<8 {
                    let met = (0..<3).map { verdicts >> $0 & 1 == 1 }
                    let scores = [source, target].map { Formula(of: $0).score(criteria, met: met) }
                    #expect(abs(scores[0] - scores[1]) < 1e-12, "\(source) to \(target), faults \(faults), met \(met)")
                }
            }
        }
    }
}

extension RubricTask {
    /// Without byte order marks at the start of statements, which Foundation takes away when YAML is read.
    fileprivate var withoutMarks: RubricTask {
        var task = self
        for index in task.criteria.indices {
            for text in [\Criterion.description, \.title]
            where task.criteria[index][keyPath: text].unicodeScalars.first == "\u{FEFF}" {
                task.criteria[index][keyPath: text] = "x" + task.criteria[index][keyPath: text]
            }
        }
        return task
    }
}

/// The formulas of the formats' own scorers, written out.
private enum Formula {
    case credit
    case penalty(clipped: Bool)
    case share
    case rating

    init(of format: RubricFormat) {
        self =
            switch format {
            case .healthBench: .penalty(clipped: false)
            case .rubric, .autorubric: .penalty(clipped: true)
            case .openInstruct: .share
            case .prometheus: .rating
            default: .credit
            }
    }

    func score(_ criteria: [Criterion], met: [Bool]) -> Double {
        var (signed, credited, positive, total) = (0.0, 0.0, 0.0, 0.0)
        for (criterion, met) in zip(criteria, met) {
            let weight = criterion.weight ?? 0
            let isFault = criterion.polarity == .negative
            total += weight
            if !isFault { positive += weight }
            if met { signed += isFault ? -weight : weight }
            if met != isFault { credited += weight }
        }
        // Nothing to divide by: what a positive rubric of the same weights would give.
        if case .penalty = self, positive == 0 { return credited / total }
        switch self {
        case .credit: return credited / total
        case .penalty(false): return signed / positive
        case .penalty(true): return min(max(signed / positive, 0), 1)
        case .share: return signed / total
        case .rating: return 0
        }
    }
}
