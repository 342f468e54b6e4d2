//! Rows that older tables take and newer ones refuse: named before that, with what a person can do.

use std::collections::BTreeMap;

use super::dialect::Db;
use super::statement::statements;
use crate::store::repo_key::repo_key;

/// Jobs that are named, and branches.
const NAMED: usize = 10;

statements! {
    // Of the versions that know no ideas.
    ABOUT_IDEAS = "SELECT j.id FROM claude_jobs j WHERE j.id > '' \
        AND j.kind NOT IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION') ORDER BY j.id LIMIT 11";
    // Of those that know ideas, and do not keep with a job which it is about.
    ABOUT_NO_IDEA = "SELECT j.id FROM claude_jobs j WHERE j.id > '' \
        AND j.kind NOT IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION') \
        AND NOT EXISTS (SELECT 1 FROM ideas i WHERE i.job_id = j.id) ORDER BY j.id LIMIT 11";
    // Of those that let several jobs of one branch be held, of different runs. No more than there are workers.
    HELD_ON_BRANCHES = "SELECT j.id, j.repo_url, j.branch FROM claude_jobs j WHERE j.id > '' \
        AND j.status IN ('CLAIMED', 'RUNNING') AND j.repo_url IS NOT NULL AND j.branch IS NOT NULL ORDER BY j.id";
}

type Rows = <Db as sqlx::Database>::Connection;

/// What stands in the way of a newer schema, and what a person can do about it; nothing of a schema that is new enough.
pub(super) async fn unfit(rows: &mut Rows, version: i64) -> Result<Option<String>, sqlx::Error> {
    let about = match version {
        2..=7 => about_no_idea(rows, ABOUT_IDEAS, version).await?,
        8..=51 => about_no_idea(rows, ABOUT_NO_IDEA, version).await?,
        _ => None,
    };
    match version {
        2..=101 if about.is_none() => held_together(rows, version).await,
        _ => Ok(about),
    }
}

/// Jobs about an idea that do not say which: no version of this program has written them.
async fn about_no_idea(
    rows: &mut Rows,
    text: &'static str,
    version: i64,
) -> Result<Option<String>, sqlx::Error> {
    let jobs: Vec<String> = sqlx::query_scalar(text).fetch_all(rows).await?;
    if jobs.is_empty() {
        return Ok(None);
    }
    let more = if jobs.len() > NAMED { " and others" } else { "" };
    let named: Vec<&str> = jobs.iter().take(NAMED).map(String::as_str).collect();
    Ok(Some(format!(
        "the jobs {}{more} are about an idea, and no idea says which; no version of this program writes such rows, and the \
         schema that follows version {version} has no place for them. Take a backup, delete them from claude_jobs with the \
         database's own tool, and open it again; `audit verify` goes on naming them, as the ledger knows them",
        named.join(", ")
    )))
}

/// Jobs of different runs that are held on one branch at this moment. The key of a repository is younger than some of
/// these versions, so that it is made here.
async fn held_together(rows: &mut Rows, version: i64) -> Result<Option<String>, sqlx::Error> {
    let held: Vec<(String, String, String)> = sqlx::query_as(HELD_ON_BRANCHES).fetch_all(rows).await?;
    let mut branches: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (job, repo_url, branch) in held {
        branches.entry((repo_key(&repo_url), branch)).or_default().push(job);
    }
    branches.retain(|_, jobs| jobs.len() > 1);
    if branches.is_empty() {
        return Ok(None);
    }
    let more = if branches.len() > NAMED { "; and others" } else { "" };
    let named = branches.iter().take(NAMED).map(|((repository, branch), jobs)| {
        format!("branch {branch} of {repository} by the jobs {}", jobs.join(" and "))
    });
    Ok(Some(format!(
        "more than one worker holds {}{more}; the schema that follows version {version} has one held job a branch. With the \
         version of the program that has opened the database so far, let all but one of them end or cancel them, and open \
         it again with this one",
        Vec::from_iter(named).join("; ")
    )))
}
