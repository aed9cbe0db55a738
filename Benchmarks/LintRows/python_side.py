# SPDX-License-Identifier: Apache-2.0
"""The checks of `rubrics lint` on RaR rows in Python with orjson: the same rules, one row after another.

usage: python_side.py ROWS.jsonl > findings.jsonl; the last line counts the findings by rule.
"""
import collections
import pathlib
import re
import sys

import orjson

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import repairs
import words
from words import Text, first_phrase, opening

PREFIXES = {"Essential": "essential", "Important": "important", "Optional": "optional", "Pitfall": "pitfall"}
SYNONYMS = {"importance": "important", "option": "optional", "mandatory": "essential", "required": "essential",
            "pitfalls": "pitfall", "esssential": "essential", "universal": None}
PREFIX = re.compile(r"\s*(\w+)(?:\s+(criteria|criterion))?\s*:\s*", re.I)
RANKS = {"essential": 3, "important": 2, "optional": 1}
BREAK = re.compile(r"[.!?][^A-Za-z0-9]*?[ \n]")
ADVERBS = {"clearly", "correctly", "explicitly", "briefly", "accurately", "also", "then", "specifically", "properly"}


class Criterion:
    __slots__ = ("id", "title", "importance", "weight", "written", "named", "text", "raw")

    def __init__(self, position, item):
        self.id = f"c{position + 1}"
        self.raw = item
        self.title = Text(item.get("title") or "", whole=False)
        self.weight = item.get("weight")
        description = item["description"]
        match = PREFIX.match(description[:60])
        self.written, self.named, self.importance = None, True, None
        if match and (match[2] or match[1].capitalize() in PREFIXES):
            word = match[1].lower()
            self.written = description[: match.end()].partition(":")[0]
            self.importance = PREFIXES.get(word.capitalize()) or SYNONYMS.get(word)
            self.named = self.importance is not None
            description = description[match.end() :]
        if self.importance is None:
            weight = self.weight
            self.importance = (
                "pitfall" if weight < 0 else "optional" if weight < 3 else "important" if weight < 5 else "essential"
            )
        self.text = Text(description)

    @property
    def pitfall(self):
        return self.importance == "pitfall"

    @property
    def positive(self):
        return not self.pitfall and self.weight >= 0


class Lint:
    def __init__(self, file, out):
        self.file, self.out = file, out
        self.counts = collections.Counter()
        self.questions, self.ids, self.lengths = {}, set(), collections.Counter()

    def found(self, rule, message, criterion=None, suggestion=None):
        self.counts[rule] += 1
        self.out.write(
            orjson.dumps(
                {"file": self.file, "line": self.line, "task": self.task, "criterion": criterion and criterion.id,
                 "rule": rule, "message": message, "suggestion": suggestion}
            )
            + b"\n"
        )

    def row(self, number, data):
        self.line, self.task = number, None
        try:
            row = orjson.loads(data)
            prompt, reference = Text(row["question"]), row.get("reference_answer") or ""
            criteria = [Criterion(position, item) for position, item in enumerate(row["rubric"])]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            return self.found("unreadable-row", str(error))
        key = hash(tuple(prompt.words))
        self.task = f"rar-{key & 0xFFFFFFFFFFFFFFFF:016x}"
        self.lengths[len(criteria)] += 1
        self.rubric(criteria)
        for criterion in criteria:
            self.importance(criterion)
            self.weight(criterion, criteria)
            self.polarity(criterion)
            self.wording(criterion)
        self.repetition(criteria, prompt)
        self.reference(reference, criteria, prompt)
        self.encoding(prompt, reference, criteria)
        if key in self.questions:
            self.found("duplicate-question", f"the question of line {self.questions[key]}")
        else:
            self.questions[key] = number

    def rubric(self, criteria):
        if not 7 <= len(criteria) <= 20:
            self.found("criterion-count", f"{len(criteria)} criteria")
        if all(criterion.pitfall for criterion in criteria):
            self.found("all-negative", "every criterion is a pitfall")

    def importance(self, criterion):
        if criterion.written is None:
            self.found("missing-importance", f"read as {criterion.importance}", criterion)
        elif " ".join(criterion.written.lower().split()) != f"{criterion.importance} criteria":
            self.found("misspelt-importance", f'"{criterion.written}" read as {criterion.importance}', criterion)

    def weight(self, criterion, criteria):
        weight = criterion.weight
        if weight < 0 and not criterion.pitfall:
            self.found("weight-sign", f"a negative weight ({weight})", criterion)
        elif weight > 0 and criterion.pitfall:
            self.found("weight-sign", f"a positive weight ({weight}) on a pitfall", criterion)
        if not 1 <= abs(weight) <= (2 if criterion.pitfall else 5) or weight != int(weight):
            self.found("weight-range", f"the weight {weight}", criterion)
        rank = RANKS.get(criterion.importance)
        if rank:
            higher = [abs(other.weight) for other in criteria if RANKS.get(other.importance, 0) > rank]
            if higher and abs(weight) >= min(higher):
                self.found("weight-order", f"{criterion.importance}, yet its weight is {weight}", criterion)

    def polarity(self, criterion):
        fault = opening(words.FAULT, criterion.text.words)
        undecided = criterion.pitfall or criterion.weight < 0
        if undecided:
            self.found("undecided-polarity", "undecided whether it is a virtue or a fault", criterion)
            if fault and opening(words.TITLES, criterion.title.words):
                self.found("title-contradicts-text", f'the title "{criterion.title.text}"', criterion)
        elif fault:
            self.found("polarity-contradicts-text", f'"{fault} …" describes a fault', criterion)

    def wording(self, criterion):
        text = criterion.text
        count = sentences(text)
        second = count == 1 and text.content and second_action(text.words)
        if count > 1:
            self.found("several-sentences", f"{count} sentences", criterion)
        elif second:
            self.found("compound-criterion", f"asks for two things: {second}", criterion)
        vague = first_phrase(words.HEDGES, text.words) or vague_object(text)
        if vague:
            self.found("vague-wording", f'"{vague}" leaves the verdict to taste', criterion)
        outside = first_phrase(words.OUTSIDE, text.words)
        if not outside and not text.content and not text.specific and not text.negated:
            outside = first_phrase(words.UNNAMED, text.words)
        if outside:
            self.found("not-self-contained", f'"{outside}"', criterion)
        length = len(criterion.title.text.split())
        if length == 1:
            length = sum(map(bool, criterion.title.text.split("-")))
        if not 2 <= length <= 4:
            self.found("title-length", f"a title of {length} words", criterion)
        if not text.content and not text.specific:
            self.found("generic-criterion", "it could stand under any question", criterion)

    def repetition(self, criteria, prompt):
        for index, criterion in enumerate(criteria):
            earlier = criteria[:index]
            other = next((other for other in earlier if same_statement(criterion, other)), None)
            if other:
                self.found("duplicate-criterion", f"says what {other.id} says", criterion)
            elif criterion.positive:
                for other in earlier:
                    difference = other.positive and contradiction(criterion, other)
                    if difference:
                        self.found("contradictory-criteria", f"{difference}, with {other.id}", criterion)
                        break
            other = criterion.pitfall and mirrored(criterion, criteria, prompt)
            if other:
                self.found("mirrored-pitfall", f"is about the fact of {other.id}", criterion)

    def reference(self, reference, criteria, prompt):
        text = Text(reference, whole=False)
        if not text.words:
            return self.found("empty-reference", "no reference answer")
        talk = len(text.words) <= 12 and first_phrase(words.TALK, text.words)
        if talk:
            return self.found("reference-says-nothing", f'the reference answer says "{talk}"')
        count = len(text.words)
        if count >= 8 and has_run(prompt.words, runs(text.words, count), count):
            self.found("answer-in-question", "the question holds the whole reference answer")
        length = min(16, count)
        if length >= 8 and any(len(criterion.text.words) >= length for criterion in criteria):
            known = runs(text.words, length)
            for criterion in criteria:
                if has_run(criterion.text.words, known, length):
                    self.found("copied-reference", f"copies {length} words or more", criterion)

    def encoding(self, prompt, reference, criteria):
        texts = [(prompt.text, None, "the prompt"), (reference, None, "the reference answer")]
        for criterion in criteria:
            texts.append((criterion.title.text, criterion, "the title"))
            texts.append((criterion.text.text, criterion, "the description"))
        for text, criterion, place in texts:
            self.damage(text, criterion, place)
            if criterion and text and (text[0].isspace() or text[-1].isspace()):
                self.found("surrounding-space", f"white space around {place}", criterion)

    def damage(self, text, criterion, place):
        has_control = words.CONTROL.search(text) is not None
        if not text.isascii():
            if repairs.has_mojibake(text):
                self.found("mojibake", f"{place} holds a wrong encoding", criterion)
            if "\ufffd" in text:
                self.found("replacement-character", f"{place} holds U+FFFD", criterion)
        whole = repairs.restored(text) if has_control else text
        if whole is not text:
            self.found("lost-escape", f"{place} lost a backslash", criterion)
        if "\\" in text and repairs.DOUBLED.search(text):
            self.found("doubled-backslash", f"{place} holds two backslashes", criterion)
        if (has_control or not text.isascii()) and repairs.HIDDEN.search(whole):
            self.found("control-character", f"{place} holds a hidden character", criterion)

    def finish(self):
        total = sum(self.lengths.values())
        if total >= 50 and max(self.lengths.values()) >= 0.6 * total:
            self.found("constant-count", "nearly every row has the same number of criteria")
        self.out.write(orjson.dumps({"summary": {"rows": total, "rules": self.counts}}) + b"\n")


def sentences(text):
    count = 1
    if "." in text.text or "!" in text.text or "?" in text.text:
        for left, right, word in zip(text.spans, text.spans[1:], text.words):
            if "A" <= right[0][0] <= "Z" and BREAK.match(text.text[left.end() : right.start()].lstrip(")\"'] ") or ""):
                count += left.end() - left.start() > 1 and word not in words.ABBREVIATION
    return count


def action(found):
    for index in range(min(2, len(found))):
        if found[index] in words.ACTION:
            return index, words.ACTION
    for index in range(min(6, len(found))):
        if found[index] in words.MODAL:
            behind = range(index + 1, min(index + 4, len(found)))
            first = next((place for place in behind if found[place] in words.BARE), None)
            return None if first is None else (first, words.BARE)
    return None


def second_action(found):
    start = action(found)
    if start is None or "and" not in found:
        return None
    first, kind = start
    for index in range(first + 2, len(found)):
        if found[index] == "and":
            after = index + 1
            while (after < len(found) and after <= index + 2 and found[after] not in kind
                   and (found[after] in words.MODAL or found[after] in ADVERBS)):
                after += 1
            if after < len(found) and found[after] in kind:
                return found[first], found[after]
    return None


def vague_object(text):
    if text.specific or any(word in words.SPECIFYING for word in text.words):
        return None
    start = action(text.words)
    for word in text.words[start[0] + 1 : start[0] + 5] if start else ():
        if word in words.CLAUSE:
            return None
        if word in words.VAGUE:
            return word
    return None


def opposites(left, right):
    if len(left) != len(right):
        return None
    differences = [place for place in range(len(left)) if left[place] != right[place]]
    if len(differences) == 1 and words.OPPOSITE.get(left[differences[0]]) == right[differences[0]]:
        return left[differences[0]], right[differences[0]]
    return None


def same_statement(left, right):
    one, two = left.text, right.text
    if one.words == two.words:
        return True
    if len(one.content) <= 3 or len(two.content) <= 3 or one.negated != two.negated or left.pitfall != right.pitfall:
        return False
    common = len(one.content & two.content)
    return (common / (len(one.content) + len(two.content) - common) >= 0.9 and one.exact == two.exact
            and opposites(one.words, two.words) is None)


def contradiction(left, right):
    one, two = left.text, right.text
    if len(one.content) < 3 or len(two.content) < 3:
        return None
    if one.negated != two.negated and one.content == two.content:
        return "one of them is negated"
    return opposites(one.words, two.words)


def mirrored(criterion, criteria, prompt):
    content = criterion.text.content
    if len(content) < 3 or any(word in words.ASIDE for word in criterion.text.words):
        return None
    best, closest = 0.6, None
    for other in criteria:
        theirs = other.text.content
        if other.pitfall or other.importance == "optional" or len(theirs) < 3:
            continue
        common = content & theirs
        if not common or common <= prompt.content:
            continue
        similarity = len(common) / (len(content) * len(theirs)) ** 0.5
        if similarity >= best:
            best, closest = similarity, other
    return closest


def runs(found, length):
    return {tuple(found[start : start + length]) for start in range(len(found) - length + 1)}


def has_run(found, known, length):
    return any(tuple(found[start : start + length]) in known for start in range(len(found) - length + 1))


def main():
    path = sys.argv[1]
    lint = Lint(path, sys.stdout.buffer)
    with open(path, "rb") as rows:
        for number, line in enumerate(rows, 1):
            if line.strip():
                lint.row(number, line)
    lint.finish()


if __name__ == "__main__":
    main()
