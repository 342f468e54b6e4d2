//! Tasks of stories of one item that change at the same moment (write skew), against the same changes made one after
//! the other.

use std::sync::Arc;

use super::failed::{refused, same};
use super::random::Random;
use super::shop::{Call, Shop, code, together};
use super::{Bench, Failed, Scale, Seen};
use crate::flow::wire::UpdateTaskStatus;

/// Stories of the item.
const STORIES: usize = 3;
/// Tasks of a story.
const TASKS: usize = 2;
/// Changes that each task goes through: it is taken back between the first and the second.
const WAVES: usize = 2;

/// Two items alike: the tasks of one change at once, those of the other one after the other.
pub(super) async fn siblings(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let shop = Shop::new(bench).await?;
    let (mut changes, mut ends) = (0_usize, std::collections::BTreeSet::new());
    for round in 0..scale.rounds {
        let mut random = Random::new(u64::try_from(round).map_err(refused)?);
        let (at_once, in_order) = (item(&shop).await?, item(&shop).await?);
        for wave in 0..WAVES {
            if wave > 0 {
                change(&shop, &at_once, &["todo"; STORIES * TASKS], true).await?;
                change(&shop, &in_order, &["todo"; STORIES * TASKS], false).await?;
            }
            // Most are done, so that the last of a story is as often met as missed.
            let to: Vec<&str> = (0..STORIES * TASKS)
                .map(|_| random.of("done", &["done", "done", "done", "excluded", "failed"]))
                .collect();
            change(&shop, &at_once, &to, true).await?;
            change(&shop, &in_order, &to, false).await?;
            changes += to.len();
            let (seen, expected) =
                (shop.levels(&at_once.sprint).await?, shop.levels(&in_order.sprint).await?);
            same(format!("what {to:?} at once comes to in round {round}"), seen.clone(), expected)?;
            ends.extend(seen.into_iter().next());
        }
    }
    let rows = shop.sound().await?;
    Ok(Seen::new()
        .and(scale.rounds * WAVES, "rounds")
        .and(changes, "changes at once")
        .and(ends.len(), "ends of sprints")
        .and(shop.bench.met().await?, "times transactions met")
        .and(rows, "rows of the ledger"))
}

struct Item {
    sprint: String,
    tasks: Vec<String>,
}

/// An item whose jobs are cancelled, so that people may end its tasks.
async fn item(shop: &Shop) -> Result<Item, Failed> {
    let run = shop.begin(STORIES, TASKS).await?;
    let (app, person) = (shop.process(0)?, shop.person()?);
    for job in &run.jobs {
        app.cancel_job(&person, &job.job_id, None).await?;
    }
    let tasks = shop.tasks(&run.sprint_id).await?;
    Ok(Item { sprint: run.sprint_id, tasks })
}

/// Changes each task, by several processes at once or by one.
async fn change(shop: &Shop, item: &Item, to: &[&str], at_once: bool) -> Result<(), Failed> {
    let mut calls: Vec<Call<&'static str>> = Vec::new();
    for (number, (task, to)) in item.tasks.iter().zip(to).enumerate() {
        let (app, person) = (shop.process(number)?, shop.person()?);
        let ask = UpdateTaskStatus { task_id: task.clone(), status: (*to).to_owned(), sprint_run_id: None };
        calls.push(Box::pin(async move { code(&app.update_task_status(&person, ask).await) }));
    }
    let expected = vec!["ok"; calls.len()];
    let said = if at_once {
        together(calls).await?
    } else {
        let mut said = Vec::new();
        for call in calls {
            said.push(call.await);
        }
        said
    };
    same(format!("what is said to {to:?}"), said, expected)
}
