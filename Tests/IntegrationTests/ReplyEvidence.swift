// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Judging
import Rewards
import Rubrics
import Testing

/// What replies say in members of JSON objects, found by patterns and not by the judges' own reader.
struct ReplyEvidence {
    private let replies: [String]

    /// Looks at replies.
    init(_ replies: [ChatReply]) {
        self.replies = replies.map(\.text)
    }

    /// Makes sure that each verdict and each rating is some reply's member.
    func expectStated(_ grades: [Grade]) {
        let verdicts = grades.flatMap(\.assessment.verdicts)
        for (outcome, words) in [
            (Verdict.Outcome.met, "yes|true|met"), (.unmet, "no|false|unmet"), (.cannotAssess, "cannot.assess"),
        ] {
            let found = verdicts.count { $0.outcome == outcome }
            #expect(members("met", words) >= found, "\(found) verdicts \(outcome) of \(replies)")
        }
        for case .rated(let rating)? in grades.map(\.assessment.rating?.outcome) { expectStated(rating) }
    }

    /// A rating is one reply's number; a comparison and a ranking take two replies.
    private func expectStated(_ rating: Double) {
        let isNumber = rating.rounded() == rating && members("rating", "\(Int(rating))") > 0
        let isOrder = members("better", "A|B|tie") > 1 || members("ranking", #"\["#) > 1
        #expect(isNumber || isOrder, "\(rating) of \(replies)")
    }

    /// How many members of this name have such a value, behind an opening brace.
    private func members(_ name: String, _ words: String) -> Int {
        let pattern = #"["']\#(name)["']\s*:\s*["']?(?:\#(words))(?![\w.])"#
        return replies.reduce(0) { count, reply in
            guard let brace = reply.range(of: "{") else { return count }
            var rest = reply[brace.upperBound...]
            var found = 0
            while let match = rest.range(of: pattern, options: [.regularExpression, .caseInsensitive]) {
                found += 1
                rest = rest[match.upperBound...]
            }
            return count + found
        }
    }
}
