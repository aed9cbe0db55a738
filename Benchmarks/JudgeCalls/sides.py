# SPDX-License-Identifier: Apache-2.0
"""The processes of Benchmarks/judging: the scripted judge, our command and the peers, each measured from outside."""
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

from harness import ROOT, python

FOLDER = pathlib.Path(__file__).resolve().parent
PACKAGES = ["rubric==2.2.0", "autorubric==1.6.1", "openai[aiohttp]==3.57.0", "litellm==1.110.2"]
MODEL = "gpt-4.1-mini"  # a name that LiteLLM knows a price for: it raises an exception a call over one it does not
LIMIT = 1800  # seconds a side may take


def peers():
    """The interpreter with the peers; JUDGING_BENCHMARK_PYTHON names another one."""
    return python(ROOT / ".cache/benchmark-venv-judging", PACKAGES, "JUDGING_BENCHMARK_PYTHON")


class Judge:
    """The scripted judge, running while the `with` block does: its `url`, and the `requests` it saw once it ended."""

    def __init__(self, executable, folder, latency, seed=1, faults=None):
        self.log = folder / "judge.jsonl"
        self.command = [executable, "--latency", latency, "--seed", seed, "--log", self.log]
        for name, share in (faults or {}).items():
            self.command += ["--fault", f"{name}={share}"]

    def __enter__(self):
        self.log.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [str(part) for part in self.command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            sys.exit(f"the judge did not start: {' '.join(map(str, self.command))}")
        self.url = line.split()[-1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        limit = threading.Timer(60, self.process.kill)
        limit.start()
        self.process.stdout.read()  # what it sums up at its end
        _, status, usage = os.wait4(self.process.pid, 0)
        limit.cancel()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        with open(self.log) as log:
            # Looking at the list of models is no call.
            self.requests = sum("chat/completions" in line for line in log)
        self.cpu_seconds = usage.ru_utime + usage.ru_stime


def measured(command, log):
    """Runs a command to its end; gives its standard output and what the system says it took."""
    started = time.perf_counter()
    with open(log, "w") as errors:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT
        )
    limit = threading.Timer(LIMIT, process.kill)
    limit.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    limit.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    took = {
        "wall_seconds": time.perf_counter() - started,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }
    return process.returncode, output, took


def failed(name, code, log):
    sys.exit(f"{name} ended with status {code}; the end of {log}:\n" + log.read_text()[-2000:])


class Ours:
    """`rubrics judge`, the whole process from its start to its end, the ledger written."""

    name = "rubrics"

    def __init__(self, executable):
        self.executable = executable

    def grade(self, data, url, concurrency, out):
        for left in out.parent.glob(out.name + "*"):  # rows and ledger of the run before would be resumed
            left.unlink()
        # Marks around judged text follow from a ledger's secret, and the scripted judge answers by the words of a call:
        # runs that are compared have to have one secret.
        marks = out.parent / "marks.sqlite"
        if marks.exists():
            shutil.copy(marks, f"{out}.ledger.sqlite")
        command = [self.executable, "judge", data / "responses.jsonl", "--rubrics", data / "rubrics.jsonl"]
        command += ["--method", "rar-explicit", "--judge", f"{url}#{MODEL}", "--concurrency", concurrency, "--out", out]
        command += ["--set", "judge.endpoint.structured_output=json_schema"]  # known, so not tried out by a call
        log = out.with_suffix(".log")
        code, _, took = measured(command, log)
        if not marks.exists():
            shutil.copy(f"{out}.ledger.sqlite", marks)
            with contextlib.closing(sqlite3.connect(marks)) as ledger:
                ledger.executescript("DELETE FROM call; DELETE FROM reward; VACUUM;")
        if not out.exists():  # some unscored rows may be a status other than 0
            failed(self.name, code, log)
        return took


class Peer:
    """A peer's side, measured by itself after its imports: the kinder way, as ours counts from the start."""

    def __init__(self, name, script, *arguments):
        self.name = name
        self.script = script
        self.arguments = arguments

    def grade(self, data, url, concurrency, out):
        out.unlink(missing_ok=True)
        command = [peers(), FOLDER / self.script, "--responses", data / "responses.jsonl"]
        command += ["--rubrics", data / "rubrics.jsonl", "--url", url, "--model", MODEL]
        command += ["--concurrency", concurrency, "--out", out]
        log = out.with_suffix(".log")
        code, output, _ = measured([*command, *self.arguments], log)
        if code or not output.strip():
            failed(self.name, code, log)
        return json.loads(output.splitlines()[-1])


RUBRIC = Peer("rubric", "rubric_side.py")
AUTORUBRIC = Peer("autorubric", "autorubric_side.py")
FASTER_RUBRIC = Peer("rubric, aiohttp", "rubric_side.py", "--aiohttp")
# The loop of 3 calls for answers that do not validate, which rubric's README shows and a user has to write.
RETRYING_RUBRIC = Peer("rubric, README's loop", "rubric_side.py", "--attempts", 3)
