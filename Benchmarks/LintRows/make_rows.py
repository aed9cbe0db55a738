# SPDX-License-Identifier: Apache-2.0
"""Writes synthetic RaR rows of about 4.5 KB with realistic wording and many defects; the same seed, the same file.

The first 22,000 are drawn; those behind repeat them, each with a number of its own in front of its question.

usage: make_rows.py OUT.jsonl --rows N [--seed 1]
"""
import argparse
import random

import orjson

NOUNS = """sepsis pneumonia meningitis appendicitis thrombosis embolism anemia hypertension glucose creatinine insulin
warfarin heparin ceftriaxone amoxicillin furosemide albumin bilirubin potassium sodium troponin fibrinogen platelet
lymphocyte ulcer fracture edema fever cough rash hematuria proteinuria enthalpy entropy momentum torque viscosity
lattice photon electron isotope polymer enzyme ligand orbital resonance diffusion reaction catalyst gradient flux capacitor
inductor spectrum wavelength amplitude membrane receptor codon exon intron allele plasmid ribosome telomere""".split()
ADJECTIVES = """acute chronic elevated reduced bilateral proximal distal systemic renal hepatic pulmonary cardiac
cerebral thermal elastic magnetic covalent ionic nonlinear periodic stable transient residual apparent""".split()
VERBS = ["States that", "Explains that", "Identifies", "Mentions", "Describes how", "Notes that", "Recommends"]
GENERIC = [
    "Remains concise and avoids unnecessary detail.",
    "Provides a clear and concise explanation without unnecessary details.",
    "Presents the explanation before stating the final answer.",
]
PREFIX = {"essential": "Essential Criteria: ", "important": "Important Criteria: ", "optional": "Optional Criteria: "}
DRAWN = 22_000
WEIGHTS = {"essential": [5], "important": [3, 4], "optional": [1, 2]}


def phrase(draw):
    return f"{draw.choice(ADJECTIVES)} {draw.choice(NOUNS)}"


def fact(draw):
    value = f" of about {draw.randint(2, 900)} mmol/L" if draw.random() < 0.3 else ""
    return f"the {phrase(draw)} follows from {phrase(draw)} and from the {phrase(draw)}{value}"


def paragraph(draw, sentences):
    return " ".join(f"In this case {fact(draw)}, while the {phrase(draw)} stays the same." for _ in range(sentences))


def spoilt(draw, text):
    """Damage in about one text of a hundred."""
    kind = draw.random()
    if kind < 0.003:
        return text.replace(" the ", " thÃ© ", 1)
    if kind < 0.006:
        return text + " Let $\\\\frac{a}{b}$ be the ratio."
    if kind < 0.009:
        return text + " Here $x = \nu t$ and \theta is small."
    if kind < 0.011:
        return text.replace("e", "\ufffd", 1)
    return text


def description(draw, importance, facts):
    if importance == "optional" and draw.random() < 0.3:
        return draw.choice(GENERIC)
    if draw.random() < 0.04:
        return f"Mentions appropriate {draw.choice(NOUNS)} if relevant."
    if draw.random() < 0.03:
        return f"States that {facts[0]} as in the reference answer."
    body = draw.choice(facts) if draw.random() < 0.3 else fact(draw)
    text = f"{draw.choice(VERBS)} {body}"
    if draw.random() < 0.12:
        text += f" and explains how the {phrase(draw)} changes"
    if draw.random() < 0.05:
        text += f". It also names the {phrase(draw)}. This matters"
    return text + "."


def prefix(draw, importance):
    slip = draw.random()
    if slip < 0.002:
        return {"essential": "Esssential Criteria: ", "important": "Importance Criteria: "}.get(importance, "")
    return "" if slip < 0.003 else PREFIX[importance]


def item(draw, importance, facts):
    words = f"{phrase(draw)} {draw.choice(NOUNS)}".split()[: draw.randint(2, 5)]
    title = " ".join(word.capitalize() for word in words)
    text = prefix(draw, importance) + spoilt(draw, description(draw, importance, facts))
    return {
        "description": text,
        "title": title + (" " if draw.random() < 0.01 else ""),
        "weight": draw.choice(WEIGHTS[importance]) if draw.random() < 0.95 else 5,
    }


def pitfall(draw, facts):
    if draw.random() < 0.4:
        text = f"Does not mention that {draw.choice(facts)}."
    else:
        text = f"Recommends {phrase(draw)} for {phrase(draw)}."
    return {"description": "Pitfall Criteria: " + text, "title": f"Avoids {draw.choice(NOUNS).capitalize()} Error",
            "weight": draw.choice([-1, -2])}


def row(draw, previous):
    facts = [fact(draw) for _ in range(12)]
    importances = ["essential"] * 3 + ["important"] * 4 + ["optional"] * draw.choice([1, 2, 2, 3])
    rubric = [item(draw, importance, facts) for importance in importances]
    rubric += [pitfall(draw, facts) for _ in range(draw.choice([1, 1, 2]))]
    if draw.random() < 0.02:
        rubric.append(dict(rubric[0]))
    question = previous if previous and draw.random() < 0.03 else spoilt(draw, paragraph(draw, 3) + " What follows?")
    reference = "" if draw.random() < 0.05 else f"{'. '.join(facts[:4])}. {paragraph(draw, 4)}"
    if draw.random() < 0.005:
        reference = "See the solution."
    return {
        "question": question,
        "reference_answer": spoilt(draw, reference),
        "question_source": "synthetic",
        "rubric": rubric,
        "rubric_list": [each["description"] for each in rubric],
        "rubric_count": len(rubric),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    lines, previous = [], None
    for _ in range(min(options.rows, DRAWN)):
        made = row(draw, previous)
        previous = made["question"]
        lines.append(orjson.dumps(made) + b"\n")
    with open(options.out, "wb") as out:
        out.writelines(lines)
        for number in range(DRAWN, options.rows):
            line = lines[number % DRAWN]
            out.write(b'{"question":"Case %d. %b' % (number, line[len(b'{"question":"') :]))


if __name__ == "__main__":
    main()
