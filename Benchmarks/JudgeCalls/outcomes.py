# SPDX-License-Identifier: Apache-2.0
"""What became of each response in a side's scored.jsonl, and how a run with faults differs from one without."""
import dataclasses
import json


@dataclasses.dataclass
class Outcome:
    """A response's score, why there is none, and how many of its criteria say that they were not judged."""

    score: float | None
    error: str | None
    verdicts: int
    failures: int


def outcome(row):
    """A row of ours (`reward`, `unscored`) or of a peer's (`score`, `error`)."""
    ours = "reward" in row
    verdicts = row["verdicts"] or []
    failures = sum(bool(verdict.get("failure" if ours else "error")) for verdict in verdicts)
    error = row.get("unscored") if ours else row["error"]
    return Outcome(
        score=row["reward" if ours else "score"],
        error=json.dumps(error) if ours and error else error,
        verdicts=len(verdicts),
        failures=failures,
    )


def read(path):
    with open(path, encoding="utf-8") as file:
        return {row["id"]: outcome(row) for row in map(json.loads, file)}


def compare(calm, stormy):
    """Counts over the responses of a run without faults (`calm`) and the same run with them (`stormy`)."""
    pairs = [(before, stormy.get(name)) for name, before in calm.items()]
    kept = [(before, after) for before, after in pairs if after and after.score is not None]
    moved = [(before, after) for before, after in kept if not same(before.score, after.score)]
    silent = [(before, after) for before, after in moved if not after.error]
    gaps = [abs(before.score - after.score) for before, after in silent if before.score is not None]
    return {
        "responses": len(pairs),
        "scored": len(kept),
        "unscored": len(pairs) - len(kept),
        "unscored_with_a_reason": sum(bool(after and after.score is None and after.error) for _, after in pairs),
        "moved": len(moved),
        "moved_without_a_word": len(silent),
        "moved_with_a_failed_criterion": sum(after.failures > 0 for _, after in silent),
        "largest_move": max(gaps, default=0.0),
        "failed_criteria": sum(after.failures for _, after in pairs if after),
    }


def same(a, b):
    return a == b or (a is not None and b is not None and abs(a - b) < 1e-9)
