//! Title, text and commit message of a publication's pull request, from its story or run and the jobs that are done.

use crate::domain::id::UserId;
use crate::domain::publication::{self, Trailers, Whose};
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::flow::FlowError;
use crate::flow::trailers::plan_digest;
use crate::store::{JobRecord, PullRequestRecord, Tx};

/// Jobs that are named.
const JOBS_MAX: u32 = 50;

/// What is said of a publication at its forge.
pub(in crate::flow) struct Words {
    /// The title, which is the first line of the merge, too.
    pub(in crate::flow) title: String,
    /// The text, with the marker by which it is known for ours.
    pub(in crate::flow) body: String,
    /// The rest of the message of the merge.
    pub(in crate::flow) squash: String,
}

/// Reads what there is to say.
pub(in crate::flow) async fn words(tx: &mut dyn Tx, record: &PullRequestRecord) -> Result<Words, FlowError> {
    let mut done = match RemoteUrl::new(record.repo_url.as_str()) {
        Ok(url) => tx.done_on(&url, &record.row.branch, JOBS_MAX).await?,
        Err(_) => Vec::new(),
    };
    let summary = done.iter().find_map(|job| job.row.summary.clone()).unwrap_or_default();
    let user = done.first().map(|job| job.user.clone());
    // In the order in which they were done.
    done.reverse();
    let plans: Vec<Option<String>> = done.iter().map(|job| plan_digest(job.row.plan.as_deref())).collect();
    let trailers: Vec<Trailers<'_>> =
        done.iter().zip(&plans).map(|(job, plan)| traced(job, plan.as_deref())).collect();
    let (name, title) = named(tx, record, user.as_ref()).await?;
    let whose = match (record.row.strategy, &record.run) {
        (PrStrategy::Sprint, Some(run)) => Whose::Sprint { run },
        (PrStrategy::SprintBatch, Some(run)) => Whose::Batch { run },
        (_, run) => Whose::Story { story: &name, run: run.as_ref() },
    };
    Ok(Words {
        title,
        body: publication::body(&summary, whose, &trailers, &record.row.id),
        squash: publication::squash(whose, &trailers),
    })
}

fn traced<'a>(job: &'a JobRecord, plan: Option<&'a str>) -> Trailers<'a> {
    let row = &job.row;
    Trailers { job: &row.id, attempt: row.attempt, plan, evidence: row.evidence.as_ref() }
}

/// What it is called, and its title. What was deleted since is called by its branch.
async fn named(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    user: Option<&UserId>,
) -> Result<(String, String), FlowError> {
    let branch = record.row.branch.to_string();
    let Some(user) = user else { return Ok((branch.clone(), publication::story_title(None, &branch))) };
    if let (PrStrategy::Story, Some(story)) = (record.row.strategy, &record.story)
        && let Some(story) = tx.story(user, story).await?
    {
        let title = publication::story_title(Some(&story.code), &story.title);
        return Ok((story.code, title));
    }
    if let (PrStrategy::Sprint | PrStrategy::SprintBatch, Some(run)) = (record.row.strategy, &record.run)
        && let Some(run) = tx.run(run).await?
        && let Some(sprint) = tx.sprint(user, &run.sprint).await?
    {
        return Ok((branch, publication::sprint_title(&sprint.goal)));
    }
    let title = publication::story_title(None, &branch);
    Ok((branch, title))
}
