//! Reads what `git push --porcelain` says of one ref. Pure.

/// What a push says of a ref.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was moved, made or deleted.
    Moved,
    /// It was there already.
    UpToDate,
    /// Somebody else moved it.
    Lost(String),
    /// The remote refuses by rule.
    Refused(String),
    /// The remote had a ref locked.
    Locked(String),
}

/// The verdict on `full`; none when the output does not speak of it. What the remote wrote besides is
/// asked only where the verdict itself leaves the reason open.
pub(super) fn verdict(stdout: &[u8], stderr: &str, full: &str) -> Option<Verdict> {
    String::from_utf8_lossy(stdout).lines().find_map(|line| {
        let mut fields = line.splitn(3, '\t');
        let (flag, refs, summary) = (fields.next()?, fields.next()?, fields.next()?);
        let (_, to) = refs.rsplit_once(':')?;
        if to != full {
            return None;
        }
        match flag {
            " " | "+" | "*" | "-" => Some(Verdict::Moved),
            "=" => Some(Verdict::UpToDate),
            "!" => Some(failure(summary, stderr)),
            _ => None,
        }
    })
}

fn failure(summary: &str, stderr: &str) -> Verdict {
    let text = summary.to_owned();
    if summary.starts_with("[rejected]") {
        return Verdict::Lost(text);
    }
    let open = summary.contains("failed to update ref");
    let has = |part: &str| summary.contains(part) || (open && stderr.contains(part));
    // a branch `a` stands in the way of a branch `a/b` until somebody removes it
    if has("exists; cannot create") {
        return Verdict::Refused(text);
    }
    // the server's own compare-and-swap: two pushes met
    if has("but expected") || has("reference already exists") || has("incorrect old value") {
        return Verdict::Lost(text);
    }
    if open || has("cannot lock ref") || has("failed to lock") || has("[remote failure]") {
        return Verdict::Locked(text);
    }
    Verdict::Refused(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_verdict() {
        let lost = |s: &str| Some(Verdict::Lost(s.into()));
        let refused = |s: &str| Some(Verdict::Refused(s.into()));
        for (line, expected) in [
            (&b" \ta:refs/heads/f/x\t1234567..89abcde"[..], Some(Verdict::Moved)),
            (b"*\ta:refs/heads/f/x\t[new branch]", Some(Verdict::Moved)),
            (b"+\ta:refs/heads/f/x\t123...456 (forced update)", Some(Verdict::Moved)),
            (b"-\t:refs/heads/f/x\t[deleted]", Some(Verdict::Moved)),
            (b"=\ta:refs/heads/f/x\t[up to date]", Some(Verdict::UpToDate)),
            (b"!\ta:refs/heads/f/x\t[rejected] (stale info)", lost("[rejected] (stale info)")),
            (b"!\ta:refs/heads/f/x\t[rejected] (non-fast-forward)", lost("[rejected] (non-fast-forward)")),
            (b"!\ta:refs/heads/f/x\t[rejected] (fetch first)", lost("[rejected] (fetch first)")),
            (
                b"!\ta:refs/heads/f/x\t[remote rejected] (cannot lock ref 'refs/heads/f/x': is at 1 but expected 2)",
                lost("[remote rejected] (cannot lock ref 'refs/heads/f/x': is at 1 but expected 2)"),
            ),
            (
                b"!\ta:refs/heads/f/x\t[remote rejected] (cannot lock ref 'refs/heads/f/x': Unable to create)",
                Some(Verdict::Locked("[remote rejected] (cannot lock ref 'refs/heads/f/x': Unable to create)".into())),
            ),
            (
                b"!\ta:refs/heads/f/x\t[remote rejected] (pre-receive hook declined)",
                refused("[remote rejected] (pre-receive hook declined)"),
            ),
            (
                b"!\ta:refs/heads/f/x\t[remote rejected] (protected branch hook declined)",
                refused("[remote rejected] (protected branch hook declined)"),
            ),
            (b"!\ta:refs/heads/other\t[rejected] (stale info)", None),
            (b" \ta:refs/heads/f/x/y\t1..2", None),
            (b"To /srv/x.git", None),
            (b"Done", None),
            (b"", None),
            (b"\xff\t\xff\t\xff", None),
        ] {
            assert_eq!(verdict(line, "but expected", "refs/heads/f/x"), expected, "{}", String::from_utf8_lossy(line));
        }
        let open = b"!\ta:refs/heads/f/x\t[remote rejected] (failed to update ref)";
        let text = || "[remote rejected] (failed to update ref)".to_owned();
        for (stderr, expected) in [
            (
                "remote: error: cannot lock ref 'r': Unable to create 'r.lock': File exists.",
                Verdict::Locked(text()),
            ),
            ("remote: error: cannot lock ref 'r': is at 1 but expected 2", Verdict::Lost(text())),
            ("remote: error: cannot lock ref 'r': 'r/f' exists; cannot create 'r'", Verdict::Refused(text())),
            ("", Verdict::Locked(text())),
        ] {
            assert_eq!(verdict(open, stderr, "refs/heads/f/x"), Some(expected), "{stderr}");
        }
        let whole = b"To /x\n!\ta:refs/heads/f/x\t[rejected] (stale info)\nDone\n";
        assert_eq!(verdict(whole, "", "refs/heads/f/x"), lost("[rejected] (stale info)"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = verdict(&bytes, "", "refs/heads/x");
        }
    }
}
