// SPDX-License-Identifier: Apache-2.0

/// `and`.
struct AllPredicate: CheckPredicate {
    private let predicates: [any CheckPredicate]

    init(_ predicates: [any CheckPredicate]) {
        self.predicates = predicates
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let findings = predicates.map { $0.evaluate(completion) }
        let failed = findings.filter { !$0.met }
        return CheckFinding(findings: failed.isEmpty ? findings : failed, met: failed.isEmpty)
    }
}

/// `or`.
struct AnyPredicate: CheckPredicate {
    private let predicates: [any CheckPredicate]

    init(_ predicates: [any CheckPredicate]) {
        self.predicates = predicates
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let findings = predicates.map { $0.evaluate(completion) }
        guard let held = findings.first(where: \.met) else { return CheckFinding(findings: findings, met: false) }
        return held
    }
}

/// `not`: the reason and the evidence stay, the finding turns.
struct NotPredicate: CheckPredicate {
    private let predicate: any CheckPredicate

    init(_ predicate: any CheckPredicate) {
        self.predicate = predicate
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        var finding = predicate.evaluate(completion)
        finding.met.toggle()
        return finding
    }
}

extension CheckFinding {
    /// The findings that decided a combination, as one.
    fileprivate init(findings: [CheckFinding], met: Bool) {
        let reasons = findings.map(\.reason).joined(separator: "; ")
        self.init(met: met, reason: reasons, evidence: findings.flatMap(\.evidence))
    }
}
