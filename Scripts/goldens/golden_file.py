# SPDX-License-Identifier: Apache-2.0
"""Writes golden values so that a change shows in few lines: lists of plain values stand on one line each."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def text(value, indent: int = 0) -> str:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    if not any(isinstance(child, (dict, list)) for child in children):
        return json.dumps(value)
    space = " " * (indent + 1)
    if isinstance(value, dict):
        inner = [f"{space}{json.dumps(key)}: {text(child, indent + 1)}" for key, child in value.items()]
    else:
        inner = [space + text(child, indent + 1) for child in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(inner) + f"\n{' ' * indent}{closing}"


def write(path: str, golden) -> None:
    file = ROOT / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(golden) + "\n")
    print(f"{path}: {file.stat().st_size:,} bytes")
