//! The moves as they are written: what stands in a machine's folder that other code can call and that makes a change.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Where a function or a type stands: the first line of the item at the margin, and the text from its own line on.
struct Written<'a> {
    item: &'a str,
    text: &'a str,
}

/// The public functions of a folder that return a decided move, in whatever form.
pub(super) fn moves_of(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain").join(folder);
    let files: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|f| fs::read_to_string(f.unwrap().path()).unwrap()).collect();
    moves_in(&files)
}

/// The same of the files' texts. The forms are a step, a shift, a change, and every public type that holds one.
fn moves_in(files: &[String]) -> BTreeSet<String> {
    let mut forms: BTreeSet<&str> = ["Step", "Shift", "Change"].into();
    let types: Vec<Written<'_>> = files.iter().flat_map(|file| lines(file)).filter(is_type).collect();
    loop {
        let holds = |written: &&Written<'_>| words(item(written.text)).any(|word| forms.contains(word));
        let found: BTreeSet<&str> = types.iter().filter(holds).filter_map(|w| words(w.item).nth(2)).collect();
        if found.is_subset(&forms) {
            break;
        }
        forms.extend(found);
    }
    let functions = files.iter().flat_map(|file| lines(file)).filter(is_function);
    functions
        .filter(|written| returns(written, &forms))
        .map(|written| name(written.text).to_owned())
        .collect()
}

/// Each line of a file, in the item that it stands in.
fn lines(file: &str) -> impl Iterator<Item = Written<'_>> {
    let mut item = "";
    let mut at = 0;
    file.split_inclusive('\n').map(move |line| {
        let text = &file[at..];
        at += line.len();
        if line.starts_with(char::is_alphabetic) {
            item = line;
        }
        Written { item, text }
    })
}

fn is_type(written: &Written<'_>) -> bool {
    ["pub enum ", "pub struct ", "pub type "].iter().any(|start| written.text.starts_with(start))
}

/// A function that can be called from outside: a public one, or one of a public trait.
fn is_function(written: &Written<'_>) -> bool {
    let line = written.text.lines().next().unwrap().trim_start();
    let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).or_else(|| {
        let of_trait = written.item.starts_with("pub trait ");
        of_trait.then_some(line)
    });
    line.is_some_and(|line| line.starts_with("fn ") || line.starts_with("const fn "))
}

/// The text of the item that begins here, to the line that ends it.
fn item(text: &str) -> &str {
    let ends = [text.find("\n}"), text.find(";\n")];
    &text[..ends.into_iter().flatten().min().unwrap_or(text.len())]
}

fn name(function: &str) -> &str {
    let (_, name) = function.split_once("fn ").unwrap();
    name.split(['(', '<']).next().unwrap()
}

fn returns(function: &Written<'_>, forms: &BTreeSet<&str>) -> bool {
    let signature = function.text.split(['{', ';']).next().unwrap();
    let signature = signature.split("where").next().unwrap();
    let returned = signature.rsplit_once("->").map(|(_, returned)| returned).unwrap_or_default();
    let of_itself = words(returned).any(|word| word == "Self");
    words(returned).any(|word| forms.contains(word))
        || of_itself && words(function.item).any(|word| forms.contains(word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[test]
fn a_move_is_found_in_whatever_form_it_is_returned() {
    let file = "
pub enum Either<S> {
    One(Step<S, One>),
    Other,
}
pub struct Wrapped {
    inner: Either<One>,
}
pub struct Plain {
    changes: u32,
}
pub type Both = (Wrapped, Plain);
pub trait Goes {
    fn by_trait(self) -> Both;
    fn plain(self) -> Plain;
}
impl Wrapped {
    pub fn by_itself() -> Self {
    }
}
impl Plain {
    pub fn itself() -> Self {
    }
    pub fn step(self) -> Result<Step<A, B>, Refusal> {
    }
    pub(crate) const fn shift(self) -> Option<Shift> {
    }
    pub fn over_lines(
        self,
        each: impl Fn(u32) -> u32,
    ) -> Vec<machine::Change<Row>>
    where
        F: Fn(u32) -> u32,
    {
    }
    pub fn either<S: State>(self) -> Result<Either<S>, Refusal> {
    }
    fn private(self) -> Step<A, B> {
    }
    pub(super) fn of_the_machine(self) -> Step<A, B> {
    }
    pub fn reads(step: &Step<A, B>) -> u32 {
    }
}
pub fn free() -> Both {
}
";
    let found = moves_in(&[file.to_owned()]);
    let want = ["by_itself", "by_trait", "either", "free", "over_lines", "shift", "step"];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), want);
}
