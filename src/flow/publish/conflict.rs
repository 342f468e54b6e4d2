//! A pull request that does not merge: it waits, a person is asked, and the run hands out no further jobs, in one
//! transaction.

use super::due::{any, moves, odd};
use crate::domain::id::{QuestionId, RunId};
use crate::domain::pull_request::{
    AnyPullRequest as Any, Change as Moved, MergeConflictPaused, Mergeable, PullRequest, Refusal, Step,
};
use crate::domain::question::{Asked, Open, Options, Purpose, Question};
use crate::domain::run::{self, AnyRun};
use crate::flow::FlowError;
use crate::store::{About, Change, NewQuestion, PullRequestRecord, RunRecord, Stamp, StoreError, Tx};

/// Files that a pause names.
const FILES_MAX: usize = 200;
/// Characters of a question that files may take.
const NAMED_MAX: usize = 3000;
/// Characters of a branch's name that are shown.
const NAME_MAX: usize = 200;
/// Questions that one publication may have asked.
const QUESTIONS_MAX: u32 = 1000;

/// Writes down that a publication does not merge with its base because of these files; whether it did. While the run
/// waits for something else nothing is written: what is in the way is still there when it goes on. Where no run is
/// RUNNING the publication waits alone, and the question is about its story. The transaction holds the product.
pub(in crate::flow) async fn note_conflict(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    base: &str,
    files: &[String],
    stamp: &Stamp,
) -> Result<bool, FlowError> {
    // A forge's words, and whoever made the branch.
    let base = &base.escape_debug().take(NAME_MAX).collect::<String>();
    let run = run_of(tx, record).await?;
    if run.as_ref().is_some_and(|run| run.row.status == run::Status::Paused) {
        return Ok(false);
    }
    let (change, paused) = match any(record)? {
        Any::PrOpened(one) => conflict(one, base, files),
        Any::DraftOpened(one) => conflict(one, base, files),
        Any::WaitingForChecks(one) => conflict(one, base, files),
        Any::AutoMergeEnabled(one) => conflict(one, base, files),
        _ => return Ok(false),
    }
    .map_err(|refusal| odd(record, &refusal))?;
    moves(tx, record, change, stamp).await?;
    let Some(run) = run else {
        tracing::warn!(publication = %record.row.id, "it does not merge, and there is nobody to be asked");
        return Ok(true);
    };
    let runs = run.row.status == run::Status::Running;
    let about = match &record.story {
        Some(story) if !runs => About::Story { story: story.clone(), task: None },
        _ => About::Run(run.row.id.clone()),
    };
    let id = next_question(tx, record).await?;
    let asked = Asked::at(tx.now(), run.started_by.clone(), Options::default(), Purpose::MergeConflict);
    let question = Question { id: id.clone(), asked, state: Open };
    let text = text(&paused, base, files, &run.row.id, runs);
    tx.add_question(&NewQuestion { question, product: record.product.clone(), about, text }, stamp).await?;
    if let Ok(AnyRun::Running(run)) = AnyRun::try_from(run.row) {
        let files = files.iter().take(FILES_MAX).cloned();
        let step = run.pause(paused.pause(files, id, tx.now()));
        tx.apply(Change::Run(step.into()), stamp).await?;
    }
    Ok(true)
}

fn conflict<S: Mergeable>(
    one: PullRequest<S>,
    base: &str,
    files: &[String],
) -> Result<(Moved, PullRequest<MergeConflictPaused>), Refusal>
where
    Moved: From<Step<S, MergeConflictPaused>>,
{
    let head = one.state.pr().head.clone();
    let step =
        one.conflict(&head, format!("it does not merge with {base}: {} in conflict", counted(files)))?;
    let paused = step.next().clone();
    Ok((step.into(), paused))
}

fn counted(files: &[String]) -> String {
    if files.len() == 1 { "1 file is".to_owned() } else { format!("{} files are", files.len()) }
}

/// The run that a publication keeps waiting: the one that made it, or the one that goes on with its story.
async fn run_of(tx: &mut dyn Tx, record: &PullRequestRecord) -> Result<Option<RunRecord>, FlowError> {
    let Some(first) = &record.run else { return Ok(None) };
    let Some(first) = tx.run(first).await? else { return Ok(None) };
    if first.row.status.is_terminal()
        && let Some(story) = &record.story
        && let Some(story) = tx.story(&first.started_by, story).await?
        && let Some(sprint) = &story.sprint
        && let Some(live) = tx.live_run(sprint).await?
    {
        return Ok(Some(live));
    }
    Ok(Some(first))
}

/// The question of a publication's conflict has an id of the publication's, by which it is found when it is to be
/// closed.
fn question_id(record: &PullRequestRecord, number: u32) -> Result<QuestionId, StoreError> {
    QuestionId::new(format!("{}-conflict-{number}", record.row.id))
        .map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })
}

async fn next_question(tx: &mut dyn Tx, record: &PullRequestRecord) -> Result<QuestionId, FlowError> {
    for number in 1..=QUESTIONS_MAX {
        let id = question_id(record, number)?;
        if tx.question(&id).await?.is_none() {
            return Ok(id);
        }
    }
    let what = format!("publication {} was in conflict {QUESTIONS_MAX} times", record.row.id);
    Err(StoreError::Inconsistent { what }.into())
}

/// The last question about a conflict of a publication.
pub(super) async fn last_question(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
) -> Result<Option<QuestionId>, FlowError> {
    let mut last = None;
    for number in 1..=QUESTIONS_MAX {
        let id = question_id(record, number)?;
        if tx.question(&id).await?.is_none() {
            break;
        }
        last = Some(id);
    }
    Ok(last)
}

/// What a person is asked. Names of files are an agent's words: no character of them does anything.
fn text(
    paused: &PullRequest<MergeConflictPaused>,
    base: &str,
    files: &[String],
    run: &RunId,
    waits: bool,
) -> String {
    let (branch, url) = (&paused.branch, &paused.state.pr.url);
    let mut text = format!("{url} does not merge with {base}. {} in conflict:\n", counted(files));
    let (mut named, mut length) = (0, 0);
    for file in files {
        let line = format!("- {}\n", file.escape_debug());
        length += line.chars().count();
        if length > NAMED_MAX {
            break;
        }
        named += 1;
        text += &line;
    }
    if named < files.len() {
        text += &format!("- and {} more\n", files.len() - named);
    }
    let waits = if waits { " The run hands out no jobs until then." } else { "" };
    text + &format!(
        "Merge {base} into {branch}, solve the conflicts and push; then `sprintgate sprint resume {run}`.{waits}"
    )
}
