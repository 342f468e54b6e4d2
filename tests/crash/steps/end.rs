//! What is there in the end, without times and with names for ids.

use std::fs;

use super::ground::Ground;
use crate::crash::shop::sh;

const ROWS: [&str; 10] = [
    "SELECT 'job ' || t.code || ' ' || j.status || ' ' || coalesce(j.end_cause, '') FROM claude_jobs j \
     JOIN tasks t ON t.id = j.task_id",
    "SELECT 'task ' || code || ' ' || status FROM tasks",
    "SELECT 'story ' || code || ' ' || status FROM stories",
    "SELECT 'item ' || code || ' ' || status FROM pbis",
    "SELECT 'run ' || status FROM sprint_runs UNION ALL SELECT 'sprint ' || status FROM sprints",
    "SELECT 'publication ' || branch || ' ' || status || ' ' || coalesce(pr_url, '') FROM pull_requests",
    "SELECT 'effect ' || kind || ' ' || status || ' ' || count(*) FROM effects GROUP BY kind, status",
    "SELECT 'kept ' || job_id || ' ' || attempt || ' ' || kind || ' ' || paths FROM salvages",
    "SELECT 'question ' || status FROM claude_questions",
    "SELECT 'lock ' || name FROM worktree_locks",
];

/// What a name stands for.
const IDS: &str = "SELECT j.id, t.code FROM claude_jobs j JOIN tasks t ON t.id = j.task_id \
    UNION ALL SELECT id, code FROM stories UNION ALL SELECT id, 'effect' FROM effects";

/// Each ref with the files that it stands for.
const REFS: &str = "git for-each-ref --format='%(refname) %(tree)'";

/// Every row that matters, the refs of the remote and what the vault keeps, pull requests, and what lies on the disk.
pub(super) fn end(ground: &Ground) -> Vec<String> {
    let shop = &ground.shop;
    let mut lines: Vec<String> =
        ROWS.iter().flat_map(|sql| sorted(&ground.sql(sql))).filter(|line| !line.is_empty()).collect();
    let of = |what: &str, text: &str| -> Vec<String> {
        sorted(text).into_iter().map(|line| format!("{what} {line}")).collect()
    };
    lines.extend(of("remote", &sh(&shop.origin(), REFS)));
    let vault = shop.vault().unwrap();
    lines.extend(of("vault", &sh(&vault, &format!("{REFS} refs/jobs refs/salvage refs/reverts"))));
    // What is begun there and not ended.
    lines.extend(of(
        "left",
        &sh(&vault, "find . -name '*.lock' -o -name '*.new' -o -path './borrowed/*' -o -path './unreadable/*' -o -path './large/*' -o -name 'tmp_*'"),
    ));
    lines.extend(of("left", &sh(&shop.vaults().join("places"), "find . -mindepth 1")));
    let folders = fs::read_dir(shop.worktrees()).into_iter().flatten();
    lines.extend(folders.map(|entry| format!("folder {}", entry.unwrap().file_name().to_string_lossy())));
    for pull in &ground.forge.state().pulls {
        lines.push(format!(
            "pull request {} of {} to {} `{}`: draft {}, closed {}, merged {}, scheduled {}, {} comments",
            pull.number,
            pull.branch,
            pull.base,
            pull.title,
            pull.draft,
            pull.closed,
            pull.merged.is_some(),
            pull.scheduled.is_some(),
            pull.comments.len()
        ));
    }
    let ids = ground.sql(IDS);
    let named = |line: String| {
        ids.lines()
            .filter_map(|row| row.split_once('|'))
            .fold(line, |line, (id, name)| line.replace(id, name))
    };
    lines.into_iter().map(named).collect()
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}
