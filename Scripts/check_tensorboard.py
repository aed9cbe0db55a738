#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Read a run's event file with TensorBoard itself and compare it with metrics.jsonl.

usage: check_tensorboard.py RUN_DIRECTORY        (needs the package `tensorboard`)
"""

import json
import math
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def expected(run):
    """The metrics of every step, as {(name, step): value}."""
    values = {}
    for line in (run / "metrics.jsonl").read_text(encoding="utf8").splitlines():
        row = json.loads(line)
        for name, value in row["metrics"].items():
            if value is not None:
                values[name, row["step"]] = value
    return values


def found(run):
    """What TensorBoard reads, in the same shape."""
    events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0})
    events.Reload()
    # Simple values are turned into rank-0 tensors by TensorBoard's loader; both forms are scalars to its pages.
    values = {}
    for name in events.Tags()["scalars"]:
        for event in events.Scalars(name):
            values[name, event.step] = event.value
    for name in events.Tags()["tensors"]:
        for event in events.Tensors(name):
            (value,) = event.tensor_proto.float_val
            values[name, event.step] = value
    return {key: value for key, value in values.items() if math.isfinite(value)}


def main(argument):
    run = pathlib.Path(argument)
    want, have = expected(run), found(run)
    problems = [f"{key}: missing in the event file" for key in want.keys() - have.keys()]
    problems += [f"{key}: not in metrics.jsonl" for key in have.keys() - want.keys()]
    problems += [
        f"{key}: {have[key]} instead of {want[key]}"
        for key in want.keys() & have.keys()
        if not math.isclose(have[key], want[key], rel_tol=1e-6, abs_tol=1e-30)
    ]
    for problem in sorted(problems):
        print(problem)
    print(f"check_tensorboard: {len(want)} scalars compared, {len(problems)} problems")
    return 1 if problems or not want else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
