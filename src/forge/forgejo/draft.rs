//! Drafts as Forgejo has them: by how a title begins.

/// How titles of drafts begin, in any case, unless an administrator changed the list.
const PREFIXES: &[&str] = &["WIP:", "[WIP]"];

/// Whether that is the title of a draft.
pub(super) fn is_draft(title: &str) -> bool {
    rest(title).is_some()
}

/// The title with or without the mark; the rest of it, which a person may have edited, stays.
pub(super) fn titled(title: &str, draft: bool) -> String {
    let mut bare = title;
    while let Some(shorter) = rest(bare) {
        bare = shorter.trim_start();
    }
    match (draft, bare.is_empty()) {
        (true, _) if is_draft(title) => title.to_owned(),
        (true, _) => format!("WIP: {title}"),
        // A title is never empty.
        (false, true) => {
            title.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(':').to_owned()
        }
        (false, false) => bare.to_owned(),
    }
}

fn rest(title: &str) -> Option<&str> {
    PREFIXES.iter().find_map(|prefix| {
        let (start, rest) = title.split_at_checked(prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_draft, titled};

    #[test]
    fn a_mark_is_set_once_and_taken_off_wholly() {
        for (title, draft, bare) in [
            ("Basket", "WIP: Basket", "Basket"),
            ("WIP: Basket", "WIP: Basket", "Basket"),
            ("wip:Basket", "wip:Basket", "Basket"),
            ("[wip] WIP: Basket", "[wip] WIP: Basket", "Basket"),
            ("WIPE the disk", "WIP: WIPE the disk", "WIPE the disk"),
            ("é", "WIP: é", "é"),
            ("WIP:", "WIP:", "WIP"),
        ] {
            assert_eq!(titled(title, true), draft);
            assert_eq!(titled(title, false), bare);
            assert!(is_draft(draft) && !is_draft(bare), "{title}");
        }
    }
}
