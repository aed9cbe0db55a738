#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes regex.jsonl: random expressions, texts, and the first match that Python's `re` finds.

    python3 regex.py > regex.jsonl

One line a case: {"pattern", "text", "match": [start, end] in scalars or null}. Only syntax that both sides share is
drawn; loops over bodies that can be empty are left out, since backtracking matchers disagree on them.
"""
import json
import random
import re

ATOMS = ["a", "b", "c", "ab", ".", r"\d", r"\w", r"\s", r"\b", "^", "$", "[ab]", "[^a]", "[a-c1]", r"[\d.]", r"\.",
         "é", r"[^\w\s]", r"\B", r"\W", "-", r"\n", "B"]
WIDE = {"a", "b", "c", "ab", ".", r"\d", r"\w", r"\s", "[ab]", "[^a]", "[a-c1]", r"[\d.]", r"\.", "é", r"[^\w\s]",
        r"\W", "-", r"\n", "B"}
TEXT = list("aabbcABC  12.-\né_\u0301ß")


def expression(rng, depth):
    """An expression, and whether it always consumes something."""
    pick = rng.random()
    if depth == 0 or pick < 0.35:
        atom = rng.choice(ATOMS)
        return atom, atom in WIDE
    if pick < 0.6:
        parts = [expression(rng, depth - 1) for _ in range(rng.randint(2, 3))]
        return "".join(p for p, _ in parts), any(w for _, w in parts)
    if pick < 0.75:
        parts = [expression(rng, depth - 1) for _ in range(rng.randint(2, 3))]
        return "(?:" + "|".join(p for p, _ in parts) + ")", all(w for _, w in parts)
    if pick < 0.92:
        body, wide = expression(rng, depth - 1)
        if not wide:
            return body, False
        count = rng.choice(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"]) + rng.choice(["", "?"])
        return f"({body}){count}", count[0] in "+" or count.startswith(("{2", "{1"))
    body, _ = expression(rng, depth - 1)
    return f"({rng.choice(['?=', '?!'])}{body})", False


def main():
    rng = random.Random(3)
    for _ in range(1400):
        flags = rng.choice(["", "", "", "(?i)", "(?m)", "(?s)", "(?im)"])
        pattern = flags + expression(rng, 4)[0]
        text = "".join(rng.choice(TEXT) for _ in range(rng.randint(0, 24)))
        # Python before 3.14 finds no \B in an empty text.
        if not text and r"\B" in pattern:
            continue
        # Python's \w lacks marks (UTS #18 has them), and its (?i) knows no multi-scalar folds.
        if "\u0301" in text and re.search(r"\\[wWbB]", pattern):
            continue
        match = re.search(pattern, text)
        print(json.dumps({"pattern": pattern, "text": text, "match": match and list(match.span())}))


main()
