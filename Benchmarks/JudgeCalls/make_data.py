#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes responses.jsonl and rubrics.jsonl in our native row formats, drawn from a seed.

The sizes are those of medical rubrics: a prompt of about 60 words, a response of about 250, criteria of about 25, one
in five of them a fault. Every text differs, so no two calls are alike and no cache can answer one.

usage: Benchmarks/JudgeCalls/make_data.py FOLDER [--responses 2000] [--criteria 10] [--seed 1]
"""
import argparse
import json
import pathlib
import random

SUBJECTS = ["the patient", "the clinician", "a second reading", "the history", "this finding", "the dose"]
VERBS = ["suggests", "rules out", "explains", "requires", "does not change", "confirms", "precedes", "follows from"]
OBJECTS = [
    "a fever of 39.4 °C",
    "an early transfer",
    "the raised lactate",
    "renal function",
    "a broad antibiotic",
    "fluid resuscitation",
    "the negative culture",
    "the allergy to penicillin",
    "close monitoring",
    "the blood pressure of 86/52",
]
QUALIFIERS = ["within one hour", "before any imaging", "in most adults", "at this stage", "as the guideline says"]
IMPORTANCES = ["essential", "important", "important", "optional", "pitfall"]


def claim(draw):
    return " ".join(draw.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, QUALIFIERS))


def sentence(draw):
    return f"{claim(draw)} (note {draw.randrange(10**6)})"


def text(draw, words):
    """Sentences up to about a number of words."""
    parts, count = [], 0
    while count < words:
        parts.append(sentence(draw).capitalize() + ".")
        count += len(parts[-1].split())
    return " ".join(parts)


def criterion(draw, index):
    importance = IMPORTANCES[index % len(IMPORTANCES)]
    negative = importance == "pitfall"
    return {
        "id": f"c{index + 1}",
        "title": f"Point {index + 1}",
        "description": f"{'Wrongly claims' if negative else 'States'} that {claim(draw)}, and that {sentence(draw)}",
        "importance": importance,
        "polarity": "negative" if negative else "positive",
    }


def rows(options):
    """Pairs of a rubric row and the response to judge against it."""
    draw = random.Random(options.seed)
    for index in range(options.responses):
        name = f"t{index + 1:05}"
        criteria = [criterion(draw, number) for number in range(options.criteria)]
        yield (
            {"id": name, "prompt": text(draw, 60), "criteria": criteria},
            {"id": f"r{index + 1:05}", "task": name, "response": text(draw, 250)},
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--responses", type=int, default=2000)
    parser.add_argument("--criteria", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    options.folder.mkdir(parents=True, exist_ok=True)
    for name, file in zip(("rubrics.jsonl", "responses.jsonl"), zip(*rows(options))):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in file)
        (options.folder / name).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
