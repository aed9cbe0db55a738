# SPDX-License-Identifier: Apache-2.0
"""What the peers' sides of Benchmarks/judging share: the rows, the measurement and the files written."""
import argparse
import asyncio
import json
import os
import pathlib
import resource
import sys
import time

WEIGHTS = {"essential": 1.0, "important": 0.7, "optional": 0.3, "pitfall": 0.9}


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--responses", required=True, type=pathlib.Path)
    parser.add_argument("--rubrics", required=True, type=pathlib.Path)
    parser.add_argument("--url", required=True, help="the judge's, up to and with /v1")
    parser.add_argument("--model", required=True)
    parser.add_argument("--concurrency", type=int, default=200, help="calls in flight")
    parser.add_argument("--attempts", type=int, default=1, help="calls for an answer that does not validate")
    parser.add_argument("--aiohttp", action="store_true", help="aiohttp under the OpenAI client")
    parser.add_argument("--out", required=True, type=pathlib.Path)
    return parser.parse_args()


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def criteria(rubric):
    """Both peers' form of a rubric row's criteria: a weight, below 0 for a fault, and the statement."""
    return [
        {
            "weight": WEIGHTS[item["importance"]] * (-1 if item["polarity"] == "negative" else 1),
            "requirement": item["description"],
        }
        for item in rubric["criteria"]
    ]


async def grade_all(settings, grade):
    """Grades every response; `grade(rubric row, response text)` gives the score, an error and the verdicts."""
    rubrics = {row["id"]: row for row in rows(settings.rubrics)}

    async def graded(row):
        try:
            return {"id": row["id"], **await grade(rubrics[row["task"]], row["response"])}
        except Exception as error:
            return {"id": row["id"], "score": None, "error": f"{type(error).__name__}: {error}"[:300], "verdicts": None}

    responses = rows(settings.responses)
    calls = sum(len(rubrics[row["task"]]["criteria"]) for row in responses)
    return calls, await asyncio.gather(*map(graded, responses))


def spent():
    """CPU seconds of this process and its children, user and system."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure(settings, started, grade):
    """Runs the grading, writes its rows and prints what it took as a line of JSON.

    `started` is the time at which the imports began: they are reported by themselves and counted nowhere else.
    """
    imported, import_cpu = time.perf_counter(), spent()
    calls, graded = asyncio.run(grade_all(settings, grade))
    with open(settings.out, "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in graded)
    wall, cpu = time.perf_counter() - imported, spent() - import_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = {
        "calls": calls,
        "wall_seconds": wall,
        "cpu_seconds": cpu,
        "cpu_microseconds_a_call": cpu / calls * 1e6,
        "peak_bytes": peak if sys.platform == "darwin" else peak * 1024,
        "import_seconds": imported - started,
        "import_cpu_seconds": import_cpu,
    }
    print(json.dumps(report), flush=True)
    os._exit(0)  # connections still open would only be closed one by one
