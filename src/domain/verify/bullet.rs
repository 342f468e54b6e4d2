//! A file named at the head of a list item: `- src/a.ts: what to do there`.

/// The token at the head of a list item that starts with `-` or `*`, if a colon or the line's end
/// follows it. It may stand in bold, with the colon inside or outside.
pub(super) fn bullet_head(block: &str) -> Option<&str> {
    let line = block.lines().next()?.trim();
    let item = line.strip_prefix(['-', '*'])?;
    let text = item.trim_start();
    if text.len() == item.len() {
        return None;
    }
    let token = text.split_whitespace().next()?;
    let ends_here = token.len() == text.len() || token.ends_with(":**");
    let whole = ends_here.then_some(token);
    let before_colon = token.rfind(':').and_then(|colon| token.get(..=colon));
    [whole, before_colon].into_iter().flatten().find_map(|head| {
        let head = plain(plain(head).trim_end_matches(':'));
        ends_in_letters(head).then_some(head)
    })
}

/// Without the stars of bold text; those of a pattern such as `**/*.ts` stay.
fn plain(head: &str) -> &str {
    let text = head.strip_suffix(':').unwrap_or(head);
    match text.strip_suffix("**").or_else(|| head.strip_suffix("**")) {
        Some(bold) => bold.strip_prefix("**").unwrap_or(bold),
        None => head,
    }
}

/// Whether the token, apart from a line reference, ends in a dot and one to six letters.
fn ends_in_letters(head: &str) -> bool {
    let path = super::plan_path::without_reference(head);
    path.rsplit_once('.').is_some_and(|(_, extension)| {
        (1..=6).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::bullet_head;

    #[test]
    fn a_file_may_head_an_item() {
        for (item, file) in [
            ("- src/a.ts: rename", "src/a.ts"),
            ("- src/a.ts", "src/a.ts"),
            ("* src/a.ts:rename", "src/a.ts"),
            ("- **src/a.ts**: rename", "src/a.ts"),
            ("- **src/a.ts:** rename", "src/a.ts"),
            ("-   **src/a.ts**\r", "src/a.ts"),
            ("  - src/a.ts:12: fix", "src/a.ts:12"),
            ("- src/**/*.ts: all", "src/**/*.ts"),
            ("- **/*.ts: all", "**/*.ts"),
            ("- ****/*.ts**: all", "**/*.ts"),
        ] {
            assert_eq!(bullet_head(item), Some(file), "{item}");
        }
    }

    #[test]
    fn prose_does_not() {
        for item in [
            "- src/a.ts is renamed",
            "-src/a.ts",
            "src/a.ts:",
            "1. src/a.ts",
            "- Fix: src/a.ts",
            "- src/: x",
            "- a.toolongx",
            "- v1.2",
            "-",
            "- ",
            "",
            "- **bold** src/a.ts",
            "+ src/a.ts",
        ] {
            assert_eq!(bullet_head(item), None, "{item}");
        }
    }
}
