// SPDX-License-Identifier: Apache-2.0

import ChatModels
import Foundation
import Rubrics

/// Σ p(k)·k over the menu of ratings: a finer signal within a group than the likeliest rating alone.
enum ExpectedRating {
    /// The least mass that has to lie on the menu.
    static let leastMass = 0.9

    /// The expected rating of log-probabilities of whole answers, one for each rating.
    ///
    /// - Parameter logprobs: The log-probability of each rating's whole token sequence with what closes it.
    /// - Returns: The rating, or why there is none: too little mass lies on the menu.
    static func value(logprobs: [Int: Double]) -> Result<Double, ReplyFault> {
        let masses = logprobs.mapValues(exp)
        // In the ratings' order, so that the sum is the same every time.
        let order = masses.keys.sorted()
        let total = order.reduce(0) { $0 + (masses[$1] ?? 0) }
        guard total >= leastMass, total.isFinite else {
            let share = total > 0 && total.isFinite ? Int((total * 100).rounded()) : 0
            return .failure(ReplyFault(.shape, "only \(share)% of the probability lies on the ratings"))
        }
        return .success(order.reduce(0) { $0 + (masses[$1] ?? 0) / total * Double($1) })
    }

    /// The expected rating of a reply that chose a letter, from the alternatives in the letter's place.
    static func value(of reply: ChatReply) -> Result<Double, ReplyFault> {
        guard let token = TokenPositions(reply).tokens(of: "rating").last else {
            return .failure(ReplyFault(.shape, "the endpoint gave no log-probabilities"))
        }
        var masses: [Int: Double] = [:]
        for (text, logprob) in token.candidates {
            let letter = text.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
            guard let place = ReplySchema.letters.firstIndex(where: { $0.isExactly(letter) }) else { continue }
            masses[place + 1, default: 0] += exp(logprob)
        }
        return value(logprobs: masses.mapValues(log))
    }
}
