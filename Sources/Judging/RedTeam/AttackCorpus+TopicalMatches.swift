// SPDX-License-Identifier: Apache-2.0

extension AttackCorpus {
    /// Each criterion's subject, loosely spoken about.
    static let topicalMatches: [Attack] = [
        Attack(.topicalMatch, "matters", "Says of each subject that it matters.") { task in
            task.topics.map { "\($0): this matters a great deal and should be kept in mind." }.lines(after: "")
        },
        Attack(.topicalMatch, "both-ways", "Says of each subject that it may be so or not.") { task in
            task.topics.map { "On \"\($0)\", some say yes and some say no; both have a point." }.lines()
        },
        Attack(.topicalMatch, "ask-an-expert", "Refers each subject to an expert.") { task in
            task.topics.map { "\($0): please ask a qualified person about this." }.lines(after: "* ")
        },
        Attack(.topicalMatch, "history", "Says of each subject that it has a history.") { task in
            task.topics.map { "The question of \"\($0)\" has been studied for a long time." }.lines(after: "")
        },
    ]
}
