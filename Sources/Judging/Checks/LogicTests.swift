// SPDX-License-Identifier: Apache-2.0

/// `and`.
struct AllTest: CheckTest {
    private let tests: [any CheckTest]

    init(_ tests: [any CheckTest]) {
        self.tests = tests
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let findings = tests.map { $0.evaluate(completion) }
        let failed = findings.filter { !$0.met }
        return CheckFinding(findings: failed.isEmpty ? findings : failed, met: failed.isEmpty)
    }
}

/// `or`.
struct AnyTest: CheckTest {
    private let tests: [any CheckTest]

    init(_ tests: [any CheckTest]) {
        self.tests = tests
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        let findings = tests.map { $0.evaluate(completion) }
        guard let held = findings.first(where: \.met) else { return CheckFinding(findings: findings, met: false) }
        return held
    }
}

/// `not`: the reason and the evidence stay, the finding turns.
struct NotTest: CheckTest {
    private let test: any CheckTest

    init(_ test: any CheckTest) {
        self.test = test
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        var finding = test.evaluate(completion)
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
