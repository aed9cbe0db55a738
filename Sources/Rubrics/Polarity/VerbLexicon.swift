// SPDX-License-Identifier: Apache-2.0

/// The verbs that rubrics are written with, by what they say.
enum VerbLexicon {
    /// The class of a verb's base form; verbs made with "mis-", and with "over-" and "under-" before a verb of thought,
    /// name errors.
    static func verbClass(of base: String) -> VerbClass? {
        if let known = classes[base] { return known }
        let stem = base.replacing("-", with: "")
        if stem.hasPrefix("mis"), stem.utf8.count > 6, !notMistaken.contains(stem) { return .error }
        for prefix in ["over", "under"]
        where stem.hasPrefix(prefix) && excesses.contains(String(stem.dropFirst(prefix.count))) {
            return .error
        }
        return nil
    }

    private static let notMistaken: Set<String> = ["mission", "missile", "mistletoe", "misoprostol", "miscarriage"]

    private static let excesses: Set<String> = [
        "state", "look", "simplify", "generalize", "generalise", "complicate", "emphasize", "emphasise", "estimate",
        "extend", "interpret", "rely", "use", "diagnose", "treat", "explain", "elaborate", "sell", "promise", "fit",
        "play", "value", "report", "prescribe", "extrapolate", "weight", "reach", "count", "load", "whelm",
    ]

    private static let classes: [String: VerbClass] = {
        let lists: [(VerbClass, String)] = [
            (
                .error,
                """
                ignore neglect omit overlook disregard confuse conflate mistake contradict dismiss downplay
                exaggerate distort fabricate invent hallucinate miss lack skip assume presume interchange reverse
                swap invert err equate trivialize violate deviate digress diverge stray forget botch muddle mix
                speculate jump blur obscure garble repeat copy plagiarize invalidate scare alarm gloss bypass
                underplay delay postpone withhold complicate undermine detract dilute compromise hinder harm
                endanger rush belittle overwhelm exceed guess leave veer drift wander
                """
            ),
            (.avoidance, "avoid refrain abstain steer desist forgo eschew"),
            (
                .virtue,
                """
                warn caution distinguish differentiate discriminate separate remain stay keep maintain ensure guard
                prevent discourage alert remind correct rectify reject refute debunk balance respect honor honour
                adhere prioritize prioritise
                """
            ),
            (
                .assertion,
                """
                suggest recommend claim imply propose assert attribute prescribe endorse promote insist rely
                introduce advocate conclude argue infer blame depend treat label portray interpret use apply choose
                select pick favor favour prefer support present extrapolate generalize generalise focus simplify
                arrive deduce classify make commit go view regard believe characterize depict frame deem draw
                """
            ),
            (
                .explanation,
                """
                explain address provide clarify describe specify discuss acknowledge consider account justify
                emphasize emphasise highlight stress link connect relate integrate elaborate detail include offer
                give outline illustrate demonstrate define verify show derive compute calculate evaluate assess
                analyze analyse compare ask inquire seek check confirm cite support quantify convert normalize
                normalise follow document monitor answer complete convey incorporate summarize summarise cover
                contextualize tailor personalize advise urge encourage instruct recognize recognise reflect touch
                """
            ),
            (
                .mention,
                """
                mention state identify note list name report indicate refer reference say tell point express bring
                contain
                """
            ),
            (.exclusion, "exclude"),
            (.sanction, "flag penalize penalise punish deduct dock subtract downgrade"),
            (.failure, "fail"),
        ]
        var classes: [String: VerbClass] = [:]
        for (verbClass, list) in lists {
            for verb in list.split(whereSeparator: \.isWhitespace) where classes[String(verb)] == nil {
                classes[String(verb)] = verbClass
            }
        }
        return classes
    }()
}
