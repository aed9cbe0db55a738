#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Load what `rubrics convert` writes with the packages that own the formats, and compare.

usage: check_formats.py RUBRICS        (the executable; packages that are not installed are skipped, saying so)
"""

import importlib
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import tomllib

CRITERIA = [
    {"id": "c1", "title": "Names sepsis", "description": 'Names "sepsis": early — \\ and\nlate.', "weight": 5,
     "importance": "essential", "polarity": "positive"},
    {"id": "c2", "title": "Delays fluids", "description": "Suggests delaying fluids.", "weight": 0.00001,
     "importance": "pitfall", "polarity": "negative"},
    {"id": "c3", "title": "yes", "description": "null", "weight": 2.5, "importance": "optional",
     "polarity": "positive"},
]
ROW = {"id": "med/1", "prompt": "What is it?", "reference_answer": "Sepsis.", "criteria": CRITERIA}
SIGNED = [-c["weight"] if c["polarity"] == "negative" else c["weight"] for c in CRITERIA]
TEXTS = [c["description"] for c in CRITERIA]


def converted(rubrics, folder, target, name):
    """The path of the row in a format."""
    source = folder / "rows.jsonl"
    source.write_text(json.dumps(ROW) + "\n", encoding="utf8")
    command = [rubrics, "convert", source, "--to", target, "--out", folder / name]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return folder / name


def check_package(module, rubrics, folder):
    for extension in ("yaml", "json"):
        path = converted(rubrics, folder, module.__name__, f"{module.__name__}.{extension}")
        loaded = module.Rubric.from_file(str(path)).rubric
        assert [c.requirement for c in loaded] == TEXTS, loaded
        assert [c.weight for c in loaded] == SIGNED, loaded


def check_verifiers(module, rubrics, folder):
    for extension in ("toml", "json"):
        loaded = module.load_criteria(converted(rubrics, folder, "verifiers", f"verifiers.{extension}"))
        assert [c.text for c in loaded] == TEXTS, loaded
        assert [c.weight for c in loaded] == [c["weight"] for c in CRITERIA], loaded
        # Choices are ordered from worst to best.
        assert [c.choices for c in loaded] == [["no", "yes"], ["yes", "no"], ["no", "yes"]], loaded


def check_rewardkit(module, rubrics, folder):
    path = converted(rubrics, folder, "rewardkit", "rewardkit.toml")
    loaded = module.JudgeTomlConfig(**tomllib.loads(path.read_text(encoding="utf8"))).criterion
    assert [c.description for c in loaded] == TEXTS, loaded
    assert [c.weight for c in loaded] == [c["weight"] for c in CRITERIA], loaded
    assert [c.negate for c in loaded] == [False, True, False], loaded


def check_prometheus(module, rubrics, folder):
    path = converted(rubrics, folder, "prometheus", "prometheus.json")
    filled = module.SCORE_RUBRIC_TEMPLATE.format(**json.loads(path.read_text(encoding="utf8")))
    assert all(text in filled for text in TEXTS), filled


def check_datasets(module, rubrics, folder):
    for target, column in (("trl", "rubric"), ("openrlhf", "label"), ("verl", "reward_model")):
        path = converted(rubrics, folder, target, f"{target}.jsonl")
        row = module.load_dataset("json", data_files=str(path), cache_dir=str(folder / "cache"))["train"][0]
        text = row[column]["ground_truth"] if target == "verl" else row[column]
        found = json.loads(text)["criteria"]
        assert [c["description"] for c in found] == TEXTS, found
        assert all(math.isclose(a["weight"], b["weight"]) for a, b in zip(found, CRITERIA)), found


CHECKS = [
    ("rubric", check_package), ("autorubric", check_package), ("verifiers.v1.judges.rubric", check_verifiers),
    ("rewardkit.models", check_rewardkit), ("prometheus_eval.prompts", check_prometheus), ("datasets", check_datasets),
]


def main():
    failures = 0
    for name, check in CHECKS:
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            print(f"{name}: skipped, {error}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(module, sys.argv[1], pathlib.Path(folder))
                print(f"{name}: what rubrics writes loads as it was meant")
            except AssertionError as error:
                failures += 1
                print(f"{name}: differs: {error}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
