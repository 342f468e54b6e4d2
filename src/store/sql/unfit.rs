//! Rows that older tables take and no version of this program has written: named before a newer schema refuses them.

use super::dialect::Db;
use super::statement::statements;

/// Jobs that are named.
const NAMED: usize = 10;

statements! {
    // Of the versions that know no ideas.
    ABOUT_IDEAS = "SELECT j.id FROM claude_jobs j WHERE j.id > '' \
        AND j.kind NOT IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION') ORDER BY j.id LIMIT 11";
    // Of those that know ideas, and do not keep with a job which it is about.
    ABOUT_NO_IDEA = "SELECT j.id FROM claude_jobs j WHERE j.id > '' \
        AND j.kind NOT IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION') \
        AND NOT EXISTS (SELECT 1 FROM ideas i WHERE i.job_id = j.id) ORDER BY j.id LIMIT 11";
}

/// What stands in the way of a newer schema, and what a person can do about it; nothing of a schema that is new enough.
pub(super) async fn unfit<'e>(
    rows: impl sqlx::Executor<'e, Database = Db>,
    version: i64,
) -> Result<Option<String>, sqlx::Error> {
    let text = match version {
        2..=7 => ABOUT_IDEAS,
        8..=51 => ABOUT_NO_IDEA,
        _ => return Ok(None),
    };
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
