"""What cargo-mutants would change, where it stands in the sources, and the functions that hold it."""

import json
import re
import subprocess
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

COMMAND = ["cargo", "mutants", "--list", "--json", "--no-default-features", "-f", "src/domain/**"]


@dataclass(frozen=True)
class Mutant:
    """One change: `replacement` stands for the text from `start` to `end` of `file`."""

    id: int
    name: str
    file: str
    start: int
    end: int
    replacement: str
    function: "Function | None"


@dataclass(frozen=True)
class Function:
    """The innermost function around a change; offsets into its file."""

    name: str
    file: str
    start: int
    signature: int
    brace: int
    end: int


class Sources:
    """The files as they are, read once."""

    def __init__(self, root: Path):
        self.root = root
        self.texts: dict[str, str] = {}
        self.lines: dict[str, list[int]] = {}

    def text(self, file: str) -> str:
        if file not in self.texts:
            text = (self.root / file).read_text()
            self.texts[file] = text
            starts = [0]
            for line in text.split("\n"):
                starts.append(starts[-1] + len(line) + 1)
            self.lines[file] = starts
        return self.texts[file]

    def offset(self, file: str, at: dict) -> int:
        self.text(file)
        return self.lines[file][at["line"] - 1] + at["column"] - 1

    def line(self, file: str, offset: int) -> int:
        self.text(file)
        return bisect(self.lines[file], offset)


def read(root: Path) -> tuple[Sources, list[Mutant]]:
    """The list, without those that `.cargo/mutants.toml` leaves out."""
    listed = json.loads(subprocess.run(COMMAND, cwd=root, check=True, capture_output=True, text=True).stdout)
    sources = Sources(root)
    mutants = []
    for number, one in enumerate(listed, 1):
        file, span, within = one["file"], one["span"], one["function"]
        mutants.append(Mutant(
            id=number,
            name=one["name"],
            file=file,
            start=sources.offset(file, span["start"]),
            end=sources.offset(file, span["end"]),
            replacement=one["replacement"],
            function=function(sources, file, within) if within else None,
        ))
    return sources, mutants


def function(sources: Sources, file: str, within: dict) -> Function:
    start = sources.offset(file, within["span"]["start"])
    end = sources.offset(file, within["span"]["end"])
    text = sources.text(file)
    # Attributes and documentation may come first.
    head = re.compile(r"(?m)^[ \t]*((?:pub(?:\([a-z ]+\))? )?(?:const )?fn )").search(text, start, end)
    head = head or re.compile(r"((?:const )?fn )").search(text, start, end)
    if head is None or text[end - 1] != "}":
        raise SystemExit(f"cannot read the function {within['function_name']} in {file}")
    return Function(within["function_name"], file, start, head.start(1), brace(text, head.end(1)), end - 1)


def brace(text: str, at: int) -> int:
    """Where the body begins: the first brace that stands in no parentheses or brackets."""
    depth = 0
    while depth > 0 or text[at] != "{":
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(text[at], 0)
        at += 1
    return at


def by_function(mutants: list[Mutant]) -> dict[Function, list[Mutant]]:
    found: dict[Function, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        if mutant.function:
            found[mutant.function].append(mutant)
    return found
