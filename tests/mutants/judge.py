"""Gives each mutant the tests that reach it, the quick ones first, until one fails."""

import re
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

from compiler import ENVIRONMENT

QUICK = 0.25  # seconds; tests below it run many in one process
AT_ONCE = 60
PATIENCE = 60  # seconds that a test may take beyond what it takes by itself


@dataclass
class Test:
    """A test, how long it takes, and the numbers of the functions that it enters."""

    binary: str
    name: str
    seconds: float
    reaches: set[int]


class Court:
    """The tests of one tree."""

    def __init__(self, tree: Path, binaries: list[str]):
        self.tree = tree
        self.tests = [self.traced(binary, name) for binary in binaries for name in self.names(binary)]

    def run(self, binary: str, names: list[str], seconds: float, **extra: str) -> subprocess.CompletedProcess:
        # No snapshot is accepted and no regression written: the verdict is all that is wanted.
        settings = {"CARGO_MANIFEST_DIR": str(self.tree), "INSTA_UPDATE": "no",
                    "PROPTEST_DISABLE_FAILURE_PERSISTENCE": "1"}
        return subprocess.run([binary, "--exact", "--test-threads=1", *names], cwd=self.tree, timeout=seconds,
                              env=ENVIRONMENT | settings | extra, capture_output=True, text=True)

    def names(self, binary: str) -> list[str]:
        listed = subprocess.run([binary, "--list"], cwd=self.tree, check=True, capture_output=True, text=True).stdout
        return [line.removesuffix(": test") for line in listed.splitlines() if line.endswith(": test")]

    def traced(self, binary: str, name: str) -> Test:
        trace = self.tree / "trace"
        trace.write_text("")
        began = time.monotonic()
        run = self.run(binary, [name], 600, MUTANT_TRACE=str(trace))
        if run.returncode != 0:
            raise SystemExit(f"{name} fails without any mutant:\n{run.stdout}{run.stderr}")
        return Test(binary, name, time.monotonic() - began, set(map(int, trace.read_text().split())))

    def judge(self, mutant: int, function: int) -> tuple[str, str]:
        """`caught`, `timeout` or `missed`, and by which test."""
        return self.verdict([test for test in self.tests if function in test.reaches], str(mutant))

    def judge_alone(self, binaries: list[str]) -> tuple[str, str]:
        """The one mutant that these binaries were built with, by every test."""
        kind = {Path(binary).name.split("-")[0]: binary for binary in binaries}
        tests = [replace(test, binary=kind[Path(test.binary).name.split("-")[0]]) for test in self.tests]
        return self.verdict(tests, "0")

    def verdict(self, tests: list[Test], active: str) -> tuple[str, str]:
        for binary, names, seconds in sittings(sorted(tests, key=lambda test: test.seconds)):
            try:
                run = self.run(binary, names, seconds, MUTANT=active)
            except subprocess.TimeoutExpired:
                return "timeout", names[0]
            if run.returncode != 0:
                failed = re.search(r"test (\S+) \.\.\. FAILED", run.stdout)
                return "caught", failed.group(1) if failed else f"{names[0]} (exit {run.returncode})"
        return "missed", ""


def sittings(tests: list[Test]):
    for binary in dict.fromkeys(test.binary for test in tests):
        quick = [test.name for test in tests if test.binary == binary and test.seconds < QUICK]
        for first in range(0, len(quick), AT_ONCE):
            yield binary, quick[first : first + AT_ONCE], PATIENCE
    for test in tests:
        if test.seconds >= QUICK:
            yield test.binary, [test.name], PATIENCE + 5 * test.seconds
