# SPDX-License-Identifier: Apache-2.0
"""Texts as the rules see them: words with stems and classes. The lists are read from our sources: both sides agree."""
import re

from harness import ROOT

SOURCES = ROOT / "Sources/Synthesis/Lint"


def lists():
    text = (SOURCES / "LintWordLists.swift").read_text() + (SOURCES / "LintWordLists+Phrases.swift").read_text()
    found = {}
    for name, block, line in re.findall(r'static let (\w+) = (?:"""(.*?)"""|"([^"\n]*)")', text, re.S):
        found[name] = (block or line).split()
    for name, block in re.findall(r'static let (\w+) = \[((?:\s*"[^"]*",?)*)\s*\]', text):
        found[name] = re.findall(r'"([^"]*)"', block)
    return found


LISTS = lists()
WORD = re.compile(r"[A-Za-z0-9\x80-\u1fff\u2080-\U0010ffff]+(?:'[A-Za-z0-9\x80-\u1fff\u2080-\U0010ffff]+)*")
SPECIFIC = re.compile(r'[\\"$=:]')
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def both(*names):
    return frozenset(word for name in names for word in LISTS[name])


FUNCTION, NEGATION, MODAL = both("function"), both("negations"), both("modals")
GENERIC = both("generic", "actions", "bareActions", "vague")
ACTION, BARE = both("actions"), both("bareActions")
EMPTY = FUNCTION | GENERIC | NEGATION | MODAL
VAGUE, SPECIFYING, CLAUSE, ASIDE = both("vague"), both("specifying"), both("clauses"), both("asides")
ABBREVIATION = both("abbreviations")
OPPOSITE = {}
for pair in LISTS["opposites"]:
    left, right = pair.split()
    OPPOSITE[left], OPPOSITE[right] = right, left


def phrases(name):
    table = {}
    for text in LISTS[name]:
        first, *rest = text.split()
        table.setdefault(first, []).append((text, rest))
    return table


OUTSIDE, HEDGES, UNNAMED = phrases("outside"), phrases("hedges"), phrases("unnamedAnswers")
FAULT, AVOIDANCE, TITLES = phrases("faultOpenings"), phrases("avoidanceOpenings"), phrases("avoidanceTitles")
TALK = phrases("emptyTalk")
STARTS = frozenset([*OUTSIDE, *HEDGES, *UNNAMED, *TALK])


def stem(word):
    if not word.isascii():
        return word
    if len(word) >= 4 and word[-1] == "s" and word[-2:] not in ("ss", "us", "is"):
        word = word[:-1]
    if len(word) >= 7 and word.endswith("ing"):
        word = word[:-3]
    elif (len(word) >= 6 and word.endswith("ed")) or (len(word) >= 7 and word.endswith("ly")):
        word = word[:-2]
    return word[:-1] if len(word) >= 5 and word[-1] == "e" else word


class Stems(dict):
    def __missing__(self, word):
        self[word] = result = stem(word)
        return result


STEMS = Stems()


class Text:
    """A text taken apart."""

    __slots__ = ("text", "spans", "words", "content", "specific", "negated", "exact")

    def __init__(self, text, whole=True):
        self.text = text
        self.spans = list(WORD.finditer(text))
        self.words = [span[0].lower() for span in self.spans]
        self.content = self.found_content()
        if whole:
            self.exact = [word for span, word in zip(self.spans, self.words) if self.is_exact(span)]
            self.specific = bool(self.exact) or SPECIFIC.search(text) is not None
            self.negated = sum(word in NEGATION for word in self.words) % 2 == 1

    def is_exact(self, span):
        start = span.start()
        first = self.text[start]
        return first in "0123456789" or (span.end() - start == 1 and start > 0 and self.text[start - 1] == "(")

    def found_content(self):
        found = set()
        for span, word in zip(self.spans, self.words):
            if word not in EMPTY and (len(word) > 2 or "A" <= span[0][0] <= "Z" or not word.isascii()):
                found.add(STEMS[word])
            elif self.is_exact(span):
                found.add(STEMS[word])
        return found


def first_phrase(table, words):
    for index, word in enumerate(words):
        if word in STARTS:
            for text, rest in table.get(word, ()):
                if words[index + 1 : index + 1 + len(rest)] == rest:
                    return text
    return None


def opening(table, words):
    if words:
        for text, rest in table.get(words[0], ()):
            if words[1 : 1 + len(rest)] == rest:
                return text
    return None
