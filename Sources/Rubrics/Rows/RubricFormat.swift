// SPDX-License-Identifier: Apache-2.0

/// The shape of rubric rows.
public enum RubricFormat: String, Sendable, Hashable, CaseIterable {
    /// The native row: `id`, `prompt`, `criteria`.
    case native = "rubrics"
    /// *Rubrics as Rewards*, as on Hugging Face: `question`, `rubric`.
    case rar
    /// HealthBench: `prompt`, `rubrics`. Criteria with points below zero are faults.
    case healthBench = "healthbench"
}

extension RubricFormat {
    /// The keys that tell a format.
    private var markers: [String] {
        switch self {
        case .native: ["criteria"]
        case .rar: ["question", "rubric"]
        case .healthBench: ["prompt", "rubrics"]
        }
    }

    /// Tells a row's format from its keys.
    ///
    /// - Throws: ``DocumentError`` for a row of no known format.
    init(of row: DocumentCursor) throws {
        guard let object = row.value.object else {
            throw row.mismatch("a rubric row, a mapping")
        }
        if let format = Self.allCases.first(where: { $0.markers.allSatisfy { object[$0] != nil } }) {
            self = format
            return
        }
        for (key, _) in object.members where !NativeRow.keys.contains(key) {
            if NearestName.nearest(to: key, among: ["criteria", "rubrics", "rubric"]) != nil {
                throw row.unknownKey(key, among: ["criteria", "rubrics", "rubric"])
            }
        }
        throw row.error(
            "no rubric row of a known format",
            remedy: "native rows have \"id\", \"prompt\" and \"criteria\", RaR's \"question\" and \"rubric\", "
                + "HealthBench's \"prompt\" and \"rubrics\""
        )
    }
}
