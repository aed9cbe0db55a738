// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// `json`: the raw completion is one JSON document.
struct JSONPredicate: CheckPredicate {
    func evaluate(_ completion: CompletionText) -> CheckFinding {
        do {
            _ = try JSONParser.parse(completion.string.utf8, file: "completion")
            return CheckFinding(met: true, reason: "valid JSON")
        } catch {
            return CheckFinding(met: false, reason: "not JSON: \(error)")
        }
    }
}
