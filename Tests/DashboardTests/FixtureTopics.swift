// SPDX-License-Identifier: Apache-2.0

/// What the fixture's invented policy can say about a question.
struct FixtureTopic {
    /// A fact or a fault: its criterion's title, the sentence that states it, and the words that decide it.
    struct Statement {
        var title: String
        var sentence: String
        var evidence: String
    }

    var id: String
    var prompt: String
    var facts: [Statement]
    var fault: Statement

    private init(_ id: String, _ prompt: String, _ facts: [(String, String, String)], fault: (String, String, String)) {
        self.id = id
        self.prompt = prompt
        self.facts = facts.map { Statement(title: $0.0, sentence: $0.1, evidence: $0.2) }
        self.fault = Statement(title: fault.0, sentence: fault.1, evidence: fault.2)
    }

    static let all: [FixtureTopic] = [
        FixtureTopic(
            "fever",
            "My three-year-old has had a fever of 38.5 °C since yesterday but still plays. What should I do at home?",
            [
                (
                    "Names fluids", "Offer small sips of water often, so that your child does not dry out.",
                    "sips of water often"
                ),
                (
                    "Names paracetamol", "If she is uncomfortable, paracetamol in the dose for her weight helps.",
                    "paracetamol in the dose"
                ),
                (
                    "Says when to see a doctor", "See a doctor if the fever lasts more than three days.",
                    "doctor if the fever lasts"
                ),
            ],
            fault: ("Recommends aspirin", "You can also give her aspirin to bring the fever down.", "give her aspirin")
        ),
        FixtureTopic(
            "nosebleed",
            "How do I stop a nosebleed?",
            [
                (
                    "Leans forward", "Sit upright and lean your head slightly forward.",
                    "lean your head slightly forward"
                ),
                (
                    "Pinches the soft part", "Pinch the soft part of your nose for ten to fifteen minutes.",
                    "Pinch the soft part"
                ),
                (
                    "Gets help after 20 minutes", "If it still bleeds after twenty minutes, get medical help.",
                    "after twenty minutes"
                ),
            ],
            fault: ("Tilts the head back", "Tilt your head back so that no blood runs out.", "Tilt your head back")
        ),
        FixtureTopic(
            "sky",
            "Why is the sky blue, and why does it turn red in the evening?",
            [
                (
                    "Names scattering", "Air scatters short, blue waves of sunlight far more than long, red ones.",
                    "scatters short, blue waves"
                ),
                (
                    "Explains the evening", "In the evening light crosses more air, so most blue is lost on the way.",
                    "light crosses more air"
                ),
            ],
            fault: ("Blames the sea", "The sky is blue because it mirrors the oceans.", "mirrors the oceans")
        ),
        FixtureTopic(
            "burn",
            "I burned my hand on a hot pan. What helps right now?",
            [
                (
                    "Cools with water", "Hold the burn under cool running water for twenty minutes.",
                    "under cool running water"
                ),
                ("Covers the burn", "Cover it loosely with a clean cloth or cling film.", "Cover it loosely"),
                (
                    "Names blisters as a reason for help", "Large blisters are a reason to see a doctor.",
                    "Large blisters"
                ),
            ],
            fault: ("Puts butter on it", "Rub butter on the burn to soothe the skin.", "Rub butter")
        ),
        FixtureTopic(
            "vaccine",
            "Can a flu shot give me the flu?",
            [
                (
                    "Says it cannot", "The flu shot cannot give you the flu, since it holds no living virus.",
                    "cannot give you the flu"
                ),
                (
                    "Names mild effects", "A sore arm or a mild fever for a day or two is usual.",
                    "sore arm or a mild fever"
                ),
            ],
            fault: ("Says it causes flu", "The flu shot often gives people the flu.", "often gives people the flu")
        ),
        FixtureTopic(
            "moon",
            "Why do we always see the same side of the moon?",
            [
                (
                    "Names tidal locking", "The moon turns once for each trip around the Earth: it is tidally locked.",
                    "tidally locked"
                ),
                (
                    "Says the moon turns", "So the moon does turn, only at the same pace as it circles us.",
                    "moon does turn"
                ),
            ],
            fault: ("Says it does not turn", "The moon does not rotate at all.", "does not rotate")
        ),
        FixtureTopic(
            "sleep",
            "I can't fall asleep. What can I change before I try pills?",
            [
                ("Names regular hours", "Go to bed and get up at the same time every day.", "same time every day"),
                ("Names screens", "Put screens away an hour before bed.", "screens away"),
                (
                    "Names caffeine", "Have no coffee after noon, since caffeine lasts for hours.",
                    "no coffee after noon"
                ),
            ],
            fault: ("Recommends alcohol", "A glass of wine before bed helps you sleep well.", "glass of wine")
        ),
        FixtureTopic(
            "ice",
            "Why does ice float on water?",
            [
                ("Names lower density", "Ice is less dense than water, so it floats.", "less dense than water"),
                (
                    "Names the crystal", "Frozen water molecules stand in an open crystal that takes more room.",
                    "open crystal"
                ),
            ],
            fault: ("Says ice is heavier", "Ice is heavier than water but air holds it up.", "heavier than water")
        ),
    ]
}
