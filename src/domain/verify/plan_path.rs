//! The paths a plan names, and what each of them stands for.

use std::collections::BTreeSet;
use std::fmt;

use super::bullet::bullet_head;
use super::code_span::code_spans;
use super::path_like::is_path_like;
use super::prose::blocks;

/// A path that a plan names.
///
/// Written with `/`, without `./`, doubled slashes or a line number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanPath {
    /// A file; or a folder, when the plan left the slash at its end away.
    Plain(String),
    /// A folder: everything beneath it. The text has no slash at its end.
    Folder(String),
    /// A pattern with `*` within a name or `**` across folders.
    Pattern(String),
}

impl fmt::Display for PlanPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) | Self::Pattern(text) => f.pad(text),
            Self::Folder(text) => f.pad(&format!("{text}/")),
        }
    }
}

/// The paths a plan names, each once, in the order of their first naming.
///
/// They are looked for in code spans and at the head of list items, outside fenced code, and must look
/// like paths: not like code, an address, a version, a flag or a method.
pub fn plan_paths(plan: &str) -> Vec<PlanPath> {
    let mut paths = Vec::new();
    for block in blocks(plan) {
        let spans = code_spans(block).into_iter().filter(|span| without_reference(span).chars().count() > 3);
        paths.extend(bullet_head(block).into_iter().chain(spans).filter_map(PlanPath::read));
    }
    let mut seen = BTreeSet::new();
    let first = paths.iter().map(|path| seen.insert(path)).collect::<Vec<_>>();
    paths.into_iter().zip(first).filter_map(|(path, first)| first.then_some(path)).collect()
}

/// A token without the place it points to: `:12`, `:12-20`, `:12:5`, `#L12-L20`, or a bare colon.
pub(super) fn without_reference(token: &str) -> &str {
    let mut path = token.split_once("#L").map_or(token, |(path, _)| path);
    while let Some((before, place)) = path.rsplit_once(':') {
        if !place.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            break;
        }
        path = before;
    }
    path
}

impl PlanPath {
    fn read(token: &str) -> Option<Self> {
        let token = without_reference(token);
        if !is_path_like(token) {
            return None;
        }
        let text = token.replace('\\', "/");
        let mut segments: Vec<_> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let pattern = text.contains('*');
        let mut folder = text.ends_with('/');
        if pattern {
            // `**` at the ends says nothing: a path may start anywhere, and a folder holds all beneath it.
            let named = segments.iter().position(|part| *part != "**")?;
            segments.drain(..named);
            while segments.last() == Some(&"**") {
                segments.pop();
                folder = true;
            }
        }
        let mut path = segments.join("/");
        if path.is_empty() {
            return None;
        }
        if text.starts_with('/') && !pattern {
            path.insert(0, '/');
        }
        Some(match (path.contains('*'), folder) {
            (true, true) => Self::Pattern(path + "/**"),
            (true, false) => Self::Pattern(path),
            (false, true) => Self::Folder(path),
            (false, false) => Self::Plain(path),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(plan: &str) -> Vec<String> {
        plan_paths(plan).iter().map(PlanPath::to_string).collect()
    }

    #[test]
    fn a_path_is_written_one_way() {
        let plan = "`./src//a.ts` `src\\a.ts` `src/a.ts:12` `src/a.ts:12-20` `src/a.ts#L3` `/abs/a.ts:1:2`";
        assert_eq!(named(plan), ["src/a.ts", "/abs/a.ts"]);
        assert_eq!(named("`src/` `src/**` `**/src/*` `/src/*` `src/*/`"), ["src/", "src/*", "src/*/**"]);
        assert_eq!(named("`./.` `././.` `a/b` `////` `**/**` `x.c` `a.c:1`"), Vec::<String>::new());
    }

    #[test]
    fn paths_come_in_the_plans_order_once() {
        let plan =
            "Change `z.ts`.\n\n- b.ts: first\n- **a.c**: then `z.ts`\n```\n`no.ts`\n- no.ts\n```\n`m.ts`";
        assert_eq!(named(plan), ["z.ts", "b.ts", "a.c", "m.ts"]);
    }
}
