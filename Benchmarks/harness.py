# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: the peers' Python environment, our build, and processes that answer request by request."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "models/SmolLM2-135M-Instruct.gguf"
VENV = ROOT / ".cache/benchmark-venv"
PACKAGES = ["torch==2.13.0+cpu", "trl==1.16.0", "transformers", "datasets", "accelerate", "gguf"]


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, **options)


def python(venv=VENV, packages=PACKAGES, named="BENCHMARK_PYTHON"):
    """The interpreter with the peers, made on first use; the environment variable `named` names another one."""
    if path := os.environ.get(named):
        return path
    if not (venv / "ready").exists():
        run(sys.executable, "-m", "venv", venv)
        pip = [venv / "bin/python", "-m", "pip", "install", "--quiet"]
        if subprocess.run([*pip, *packages]).returncode:
            run(*pip, "--extra-index-url", "https://download.pytorch.org/whl/cpu", *packages)
        (venv / "ready").touch()
    return venv / "bin/python"


def build(product):
    """Sets up the engine and builds our side; gives the executable and the engine's library."""
    run("Scripts/setup")
    run("swift", "build", "-c", "release", "--product", product, stdout=subprocess.DEVNULL)
    return ROOT / ".build/release" / product, next((ROOT / ".cache/engine").glob("librubrics_engine.*"))


class Side:
    """A process that answers each line it is given with a line of JSON."""

    def __init__(self, command, log):
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(log, "w"),
            text=True,
            cwd=ROOT,
        )
        self.log = log

    def ask(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"a side ended early; the end of {self.log}:\n" + pathlib.Path(self.log).read_text()[-2000:])
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
