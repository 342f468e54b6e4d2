"""What the compiler says to a tree, and which lines it speaks of."""

import json
import os
import subprocess
from pathlib import Path

# Warnings are no matter here: a change may leave a variable unused.
ENVIRONMENT = dict(
    os.environ,
    CARGO_PROFILE_DEV_DEBUG="0",
    CARGO_PROFILE_DEV_OPT_LEVEL="1",
    RUSTFLAGS="--cap-lints=allow",
    CARGO_TERM_COLOR="never",
)

Lines = dict[str, list[tuple[int, int, int]]]  # file -> first line, last line, mutant


def check(tree: Path, where: Lines) -> tuple[bool, set[int], list[str]]:
    """Whether the library compiles; the mutants that errors point at; the errors that point at none."""
    command = ["cargo", "check", "--no-default-features", "--lib", "--message-format=json"]
    run = subprocess.run(command, cwd=tree, env=ENVIRONMENT, capture_output=True, text=True)
    refused, others = set(), []
    for message in messages(run.stdout):
        if message["reason"] != "compiler-message" or message["message"]["level"] != "error":
            continue
        spans = message["message"]["spans"]
        primary = [span for span in spans if span["is_primary"]]
        found = pointed_at(primary, where) or pointed_at(spans, where)
        refused |= found
        if spans and not found:
            others.append(message["message"]["rendered"])
    return run.returncode == 0, refused, others


def test_binaries(tree: Path) -> list[str]:
    """Builds the unit tests and the tests of the core."""
    command = ["cargo", "test", "--no-default-features", "--lib", "--test", "rules", "--no-run", "--message-format=json"]
    run = subprocess.run(command, cwd=tree, env=ENVIRONMENT, capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(run.stderr)
    return [m["executable"] for m in messages(run.stdout) if m.get("executable") and m["profile"]["test"]]


def messages(output: str):
    return (json.loads(line) for line in output.splitlines() if line.startswith("{"))


def pointed_at(spans: list[dict], where: Lines) -> set[int]:
    found = set()
    for span in spans:
        while span:
            line = span["line_start"]
            found |= {m for first, last, m in where.get(span["file_name"], []) if first <= line <= last}
            span = span["expansion"] and span["expansion"]["span"]
    return found
