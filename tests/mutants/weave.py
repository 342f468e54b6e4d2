"""All mutants in one build: each function becomes a `match` over the mutant that an environment variable names."""

from collections import defaultdict
from pathlib import Path

from compiler import Lines, check
from listing import Function, Mutant, Sources, by_function

# In the scratch copy only. A traced run notes every function that is entered, so that a mutant need not face the tests
# that never come near it.
RUNTIME = """
#[doc(hidden)]
pub fn mutant(function: usize) -> u32 {
    use std::io::Write;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    static ACTIVE: LazyLock<u32> =
        LazyLock::new(|| std::env::var("MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(0));
    static TRACE: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("MUTANT_TRACE").ok());
    static SEEN: [AtomicBool; %d] = [const { AtomicBool::new(false) }; %d];
    if let Some(path) = &*TRACE && !SEEN[function].swap(true, Ordering::Relaxed) {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.write_all(format!("{function}\\n").as_bytes()).unwrap();
    }
    *ACTIVE
}
"""


class Weave:
    """The woven tree. A function's number in a trace is its place in `functions`; `left_out` cannot be woven."""

    def __init__(self, tree: Path, sources: Sources, mutants: list[Mutant]):
        self.tree, self.sources = tree, sources
        self.functions = sorted(by_function(mutants).items(), key=lambda f: (f[0].file, f[0].start))
        self.left_out = {mutant for mutant in mutants if mutant.function is None} | self.nested()

    def nested(self) -> set[Mutant]:
        """Those of a function within another: the outer one's copies hold it already."""
        inner = set()
        for function, mutants in self.functions:
            around = (f for f, _ in self.functions if f.file == function.file and f.start < function.start < f.end)
            if any(around):
                inner |= set(mutants)
        return inner

    def woven(self) -> list[tuple[Mutant, int]]:
        """The mutants that can be switched on, each with the number of its function."""
        numbered = ((m, number) for number, (_, ms) in enumerate(self.functions) for m in ms)
        return [(m, number) for m, number in numbered if m not in self.left_out]

    def make(self) -> None:
        """Weaves until it compiles; a mutant that the compiler points at is left out."""
        size = len(self.functions)
        library = self.tree / "src/lib.rs"
        library.write_text(self.sources.text("src/lib.rs") + RUNTIME % (size, size))
        while True:
            where = self.write()
            compiles, refused, others = check(self.tree, where)
            if compiles:
                return
            if refused:
                self.left_out |= {m for _, ms in self.functions for m in ms if m.id in refused}
            elif not self.give_up_constants(others):
                raise SystemExit("the woven tree does not compile:\n" + "\n".join(others))

    def give_up_constants(self, others: list[str]) -> bool:
        """A function that a constant calls must stay one that can be called there, which a woven one cannot."""
        before = len(self.left_out)
        for function, mutants in self.functions:
            quoted = "::".join(function.name.split("::")[-2:])
            if any("non-const" in error and f"`{quoted}`" in error for error in others):
                self.left_out |= set(mutants)
        return len(self.left_out) > before

    def write(self) -> Lines:
        where: Lines = defaultdict(list)
        files = defaultdict(list)
        for number, (function, mutants) in enumerate(self.functions):
            files[function.file].append((number, function, [m for m in mutants if m not in self.left_out]))
        for file, functions in files.items():
            text, out, last = self.sources.text(file), Text(), 0
            for number, function, mutants in functions:
                if not mutants:
                    continue
                signature = text[function.signature : function.brace + 1]
                fn = signature.index("fn ")
                out.add(text[last : function.signature] + signature[:fn].replace("const ", "") + signature[fn:])
                out.add(f"\nmatch crate::mutant({number}) {{\n")
                for mutant in mutants:
                    first = out.line
                    body = text[function.brace + 1 : mutant.start] + mutant.replacement + text[mutant.end : function.end]
                    out.add(f"{mutant.id} => {{{body}\n}}\n")
                    where[file].append((first, out.line - 1, mutant.id))
                out.add("_ => {" + text[function.brace + 1 : function.end] + "\n}\n}\n")
                last = function.end
            out.add(text[last:])
            out.save(self.tree / file)
        return where


class Text:
    """A text that knows at which line it is."""

    def __init__(self):
        self.parts, self.line = [], 1

    def add(self, part: str) -> None:
        self.parts.append(part)
        self.line += part.count("\n")

    def save(self, path: Path) -> None:
        text = "".join(self.parts)
        # An untouched file need not be compiled again.
        if path.read_text() != text:
            path.write_text(text)
