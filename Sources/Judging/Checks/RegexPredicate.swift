// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// `regex`, on the raw completion.
struct RegexPredicate: CheckPredicate {
    private let regex: CompiledRegex

    init(_ pattern: String) throws {
        do {
            regex = try CompiledRegex(pattern)
        } catch {
            throw JudgingError(.invalidCheck, "\(error)")
        }
    }

    func evaluate(_ completion: CompletionText) -> CheckFinding {
        guard let match = regex.firstMatch(in: completion.raw) else {
            return CheckFinding(met: false, reason: "nothing matches \(regex.pattern)")
        }
        let passage = completion.passage(match)
        let place = match.isEmpty ? "the text" : Wording.excerpt(passage)
        return CheckFinding(met: true, reason: "\(place) matches \(regex.pattern)", evidence: [passage])
    }
}
