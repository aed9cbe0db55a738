// SPDX-License-Identifier: Apache-2.0

/// Turns tasks into rows of a format and names what that loses.
///
/// ```swift
/// let conversion = Conversion(from: .rar, to: .healthBench)
/// let result = try conversion.convert(task)
/// ```
public struct Conversion: Sendable {
    /// A converted task.
    public struct Result: Sendable, Hashable {
        /// The row, or the whole file where the format holds one rubric.
        public var row: JSONValue
        /// What is lost or scores otherwise.
        public var losses: [ConversionLoss]
    }

    /// The format that tasks were read from.
    public let source: RubricFormat
    /// The format that they are written in.
    public let target: RubricFormat
    /// What to do about criteria of undecided polarity where the format states it.
    public let undecided: UndecidedPolarity

    /// Makes a conversion.
    ///
    /// - Parameters:
    ///   - source: The format that tasks were read from.
    ///   - target: The format that they are written in.
    ///   - undecided: What to do about criteria of undecided polarity where the format states it.
    public init(from source: RubricFormat, to target: RubricFormat, undecided: UndecidedPolarity = .error) {
        self.source = source
        self.target = target
        self.undecided = undecided
    }

    /// Converts a task.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - index: Its place among the rows, from 0.
    /// - Returns: The row and the losses.
    /// - Throws: ``ConversionError`` for a task that the format cannot hold.
    public func convert(_ task: RubricTask, index: Int = 0) throws -> Result {
        guard !target.features.contains(.prompt) || !task.prompt.isEmpty else {
            throw ConversionError(
                message: "\(target.rawValue) rows need a prompt, and a \(source.rawValue) rubric has none",
                remedy: "give it one with --prompt TEXT or --prompts FILE"
            )
        }
        var task = task
        var losses = try settlePolarity(of: &task)
        losses += FormatLosses(of: task, from: source, to: target).all
        return Result(row: target.row(of: task, index: index), losses: losses)
    }

    /// A format that states polarities needs all of them decided.
    private func settlePolarity(of task: inout RubricTask) throws -> [ConversionLoss] {
        guard target.features.contains(.polarity), !target.carriesNativeRubric else { return [] }
        guard let first = task.criteria.first(where: { $0.polarity == .undecided }) else { return [] }
        let remedy =
            "set \"polarity\" in the native row (rubrics convert --to rubrics), "
            + "or leave such criteria out with --undecided drop_criterion"
        guard undecided == .dropCriterion else {
            let message = "the polarity of \(first.id) is undecided, and \(target.rawValue) states it"
            throw ConversionError(criterion: first.id, message: message, remedy: remedy)
        }
        let dropped = task.criteria.filter { $0.polarity == .undecided }
        task.criteria.removeAll { $0.polarity == .undecided }
        guard !task.criteria.isEmpty else {
            throw ConversionError(message: "no criterion has a decided polarity", remedy: remedy)
        }
        return dropped.map {
            ConversionLoss(
                .dropped,
                criterion: $0.id,
                detail: "left out: its polarity is undecided",
                changesScore: true
            )
        }
    }

    /// The text of a row or of a file.
    ///
    /// - Parameters:
    ///   - row: What ``convert(_:index:)`` made.
    ///   - fileExtension: The file's extension, without its point; decides between YAML, JSON and TOML where a format
    ///     has several.
    /// - Returns: The text, with a line break at its end.
    /// - Throws: What the YAML writer throws.
    public func text(of row: JSONValue, fileExtension: String = "") throws -> String {
        guard case .files(let extensions) = target.layout else { return row.serialized() + "\n" }
        let known = extensions.contains(fileExtension) ? fileExtension : extensions.first ?? ""
        switch known {
        case "toml": return TOMLWriter.text(of: row.object ?? JSONObject())
        case "yaml", "yml": return try row.yamlText()
        default: return row.serialized(pretty: true) + "\n"
        }
    }
}

/// A task that a format cannot hold.
public struct ConversionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The criterion at fault; `nil` for the row as a whole.
    public var criterion: String?
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var remedy: String

    /// One line.
    public var description: String { "\(message); \(remedy)" }
}
