// SPDX-License-Identifier: Apache-2.0

/// One kind of check, prepared.
protocol CheckPredicate: Sendable {
    func evaluate(_ completion: CompletionText) -> CheckFinding
}
