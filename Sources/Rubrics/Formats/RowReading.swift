// SPDX-License-Identifier: Apache-2.0

/// What a row of a format holds.
struct RowReading {
    /// The task. Formats without prompts leave its prompt empty.
    var task: RubricTask
    /// What had to be assumed where the row is irregular, each with its place.
    var notes: [String] = []
    /// The same for what is irregular about importances and weights, for whoever mends it.
    var slips: [RowSlip] = []
    /// Whether the row names itself.
    var isNamed = true
}

extension RubricFormat {
    /// Reads a row.
    ///
    /// - Throws: ``DocumentError`` at the first thing that is wrong.
    func read(_ place: DocumentCursor) throws -> RowReading {
        var reading = try reading(of: place)
        if self != .native, reading.task.provenance == nil {
            let reference: Provenance.Reference = reading.task.referenceAnswer == nil ? .none : .given
            reading.task.provenance = Provenance(strategy: "import", reference: reference)
        }
        return reading
    }

    private func reading(of place: DocumentCursor) throws -> RowReading {
        switch self {
        case .native: RowReading(task: try NativeRow(place).task())
        case .rar: try PublishedRow(place).reading()
        case .healthBench: RowReading(task: try HealthBenchRow(place).task())
        case .openInstruct: try OpenInstructRow(place).reading()
        case .verifiers: try VerifiersRubric(place).reading()
        case .autorubric, .rubric: try PackageRubric(place, format: self).reading()
        case .rewardkit: try RewardkitJudge(place).reading()
        case .prometheus: try PrometheusRubric(place).reading()
        case .openRLHF, .verl, .trl: try TrainingRow(place, format: self).reading()
        }
    }

    /// A task as a row.
    ///
    /// - Parameters:
    ///   - task: A task whose polarities are decided where the format has signs.
    ///   - index: The row's place in its file, from 0.
    /// - Returns: The row, or the whole file where the format holds one rubric.
    func row(of task: RubricTask, index: Int) -> JSONValue {
        switch self {
        case .native: task.json
        case .rar: PublishedRow.json(of: task)
        case .healthBench: HealthBenchRow.json(of: task)
        case .openInstruct: OpenInstructRow.json(of: task)
        case .verifiers: VerifiersRubric.json(of: task)
        case .autorubric, .rubric: PackageRubric.json(of: task, format: self)
        case .rewardkit: RewardkitJudge.json(of: task)
        case .prometheus: PrometheusRubric.json(of: task)
        case .openRLHF, .verl, .trl: TrainingRow.json(of: task, format: self, index: index)
        }
    }
}

extension DocumentCursor {
    /// The members of a mapping that are not read otherwise.
    func rest(without known: [String]) throws -> JSONObject {
        JSONObject(try object().members.filter { member in !known.contains { $0.isExactly(member.key) } })
    }

    /// The criteria of a list that holds at least one.
    func criteria(_ criterion: (Int, DocumentCursor) throws -> Criterion) throws -> [Criterion] {
        let places = try elements()
        guard !places.isEmpty else {
            throw error("\(subject) is empty", remedy: "a rubric needs at least one criterion")
        }
        let criteria = try places.enumerated().map { try criterion($0, $1) }
        try requireWeight(of: criteria)
        return criteria
    }

    /// The name of the file without folders and extension, decoded; what names a file that holds one rubric.
    var fileStem: String {
        FileName.stem(of: file)
    }

    /// Reads a value that stands as JSON text inside this one, with errors at this one's place.
    func embedded<Value>(_ read: (DocumentCursor) throws -> Value) throws -> Value {
        let inner = try text()
        do {
            return try read(Document.json(inner, file: "").root)
        } catch let error as DocumentError {
            let place = [error.line, error.column].compactMap { $0.map(String.init) }.joined(separator: ":")
            throw self.error("\(subject) holds JSON that is wrong at \(place): \(error.message)", remedy: error.remedy)
        }
    }
}

extension JSONObject {
    /// What a format of others keeps below its own name in `metadata`.
    func kept(_ format: RubricFormat) -> JSONObject {
        self[format.rawValue]?.object ?? JSONObject()
    }

    /// Metadata that keeps what a format of others carries, or nothing.
    static func keeping(_ members: JSONObject, of format: RubricFormat) -> JSONObject {
        members.members.isEmpty ? JSONObject() : [format.rawValue: .object(members)]
    }

    /// Appends members whose keys are not there yet.
    mutating func append(_ others: JSONObject, without keys: [String] = []) {
        for (key, value) in others.members where !keys.contains(key) { _ = insert(key: key, value: value) }
    }
}

extension JSONValue {
    /// A number, written as an integer where it is one.
    static func shortest(_ number: Double) -> JSONValue {
        Int(exactly: number).map(JSONValue.integer) ?? .number(number)
    }
}

extension Criterion {
    /// The weight that formats with numbers are given: the item's own, or the paper's for its importance.
    var numericWeight: Double {
        weight ?? importance?.paperWeight ?? 1
    }

    /// The weight with the sign of the polarity: below zero for a fault.
    var signedWeight: Double {
        polarity == .negative ? -numericWeight : numericWeight
    }
}

extension [Message] {
    /// The one user turn, or all turns as blocks that name who speaks.
    var plainText: String {
        if count == 1, let only = first, only.role == .user { return only.content }
        return map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n\n")
    }

    /// The turns as mappings of `role` and `content`.
    var json: JSONValue {
        .array(map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
    }

    /// A name for a row without one: the same prompt has the same name in every file.
    func name(in format: String) -> String {
        let digits = String(plainText.stableHash, radix: 16)
        return "\(format)-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
