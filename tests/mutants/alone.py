"""Those that cannot be woven: which compile at all, really replaced, many functions at a time."""

from collections import defaultdict
from pathlib import Path

from compiler import Lines, check
from listing import Mutant, Sources
from weave import Text


def viable(tree: Path, sources: Sources, mutants: set[Mutant]) -> list[Mutant]:
    """Those that compile. What a body does wrong is its own: errors elsewhere stop this."""
    compile_, todo = [], sorted(mutants, key=lambda m: m.id)
    while todo:
        batch, later = [], []
        for mutant in todo:
            (later if any(meet(mutant, other) for other in batch) else batch).append(mutant)
        compile_ += surviving(tree, sources, batch)
        todo = later
    return compile_


def meet(one: Mutant, other: Mutant) -> bool:
    """Whether an error of the one might be taken for an error of the other."""
    a, b = one.function or one, other.function or other
    return one.file == other.file and a.start < b.end and b.start < a.end


def surviving(tree: Path, sources: Sources, batch: list[Mutant]) -> list[Mutant]:
    while True:
        compiles, refused, others = check(tree, write(tree, sources, batch))
        batch = [mutant for mutant in batch if mutant.id not in refused]
        if compiles:
            return batch
        if not refused:
            raise SystemExit("errors that no mutant explains:\n" + "\n".join(others))


def write(tree: Path, sources: Sources, batch: list[Mutant]) -> Lines:
    """Every file as it is, but for the changes of the batch."""
    where: Lines = defaultdict(list)
    files = defaultdict(list)
    for mutant in batch:
        files[mutant.file].append(mutant)
    for file in sources.texts:
        text, out, last = sources.text(file), Text(), 0
        for mutant in sorted(files[file], key=lambda m: m.start):
            out.add(text[last : mutant.start] + mutant.replacement)
            last = mutant.end
            span = mutant.function or mutant
            before = text[span.start : mutant.start].count("\n") + mutant.replacement.count("\n")
            after = text[mutant.end : span.end].count("\n")
            where[file].append((out.line - before, out.line + after, mutant.id))
        out.add(text[last:])
        out.save(tree / file)
    return where
