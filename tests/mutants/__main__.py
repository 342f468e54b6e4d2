"""Judges every mutant of the core in minutes: `python3 tests/mutants` from the top of the repository.

cargo-mutants (https://mutants.rs, must be installed) says what is changed; it builds once for each change, which takes
hours. Here all changes are woven into one build, and an environment variable switches one on. Those that cannot be
woven are compiled by themselves. Nothing is written outside of `target/mutants`; `report.json` there holds each verdict.
With arguments, only mutants whose name holds one of them. Ends with 1 when a mutant is missed.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import alone
import listing
from compiler import test_binaries
from judge import Court
from weave import Weave

ROOT = Path(__file__).resolve().parents[2]
SCRATCH = ROOT / "target/mutants"


def main() -> int:
    tree = copy(SCRATCH / "tree")
    sources, mutants = listing.read(tree)
    wanted = [m for m in mutants if not sys.argv[1:] or any(part in m.name for part in sys.argv[1:])]
    say(f"{len(wanted)} mutants")

    weave = Weave(tree, sources, wanted)
    weave.make()
    woven = weave.woven()
    say(f"{len(woven)} woven into one build; building the tests")
    court = Court(tree, test_binaries(tree))
    say(f"{len(court.tests)} tests")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = dict(zip((m for m, _ in woven), pool.map(lambda one: court.judge(one[0].id, one[1]), woven)))

    shutil.copy(ROOT / "src/lib.rs", tree / "src/lib.rs")
    viable = alone.viable(tree, sources, weave.left_out)
    say(f"{len(viable)} that could not be woven compile alone; one by one")
    for mutant in viable:
        alone.write(tree, sources, [mutant])
        verdicts[mutant] = court.judge_alone(test_binaries(tree))
    verdicts |= {m: ("unviable", "") for m in weave.left_out if m not in verdicts}
    return report(verdicts)


def copy(tree: Path) -> Path:
    """The files of the repository as they are now; what was compiled before stays."""
    for left in tree.glob("*"):
        if left.name != "target":
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    return tree


def report(verdicts: dict) -> int:
    rows = [{"mutant": m.name, "verdict": v, "by": by} for m, (v, by) in sorted(verdicts.items(), key=lambda x: x[0].id)]
    (SCRATCH / "report.json").write_text(json.dumps(rows, indent=1))
    for row in rows:
        if row["verdict"] in ("missed", "timeout"):
            say(f"{row['verdict']}: {row['mutant']}")
    counts = Counter(row["verdict"] for row in rows)
    say(", ".join(f"{counts[word]} {word}" for word in ("caught", "timeout", "missed", "unviable")))
    return 1 if counts["missed"] else 0


def say(text: str) -> None:
    print(text, flush=True)


sys.exit(main())
