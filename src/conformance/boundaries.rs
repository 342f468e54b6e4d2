//! Every use case that writes, ended at every place where it waits for the database: between any two statements, within
//! each, and while it commits.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cut::Cut;
use super::failed::{refused, same};
use super::shop::Shop;
use super::use_cases::{ALL, UseCase};
use super::{Bench, Failed, Picture, Raw, Scale, Seen};

/// How many rows of each table went and came.
type Difference = BTreeMap<String, (usize, usize)>;

#[derive(Default)]
struct Counts {
    cuts: usize,
    nothing: usize,
    whole: usize,
}

/// Cuts each of them everywhere.
pub(super) async fn cuts(bench: Arc<dyn Bench>, _: Scale) -> Result<Seen, Failed> {
    let shop = Arc::new(Shop::new(bench).await?);
    let mut raw = shop.bench.raw().await?;
    let mut counts = Counts::default();
    let mut number = 0;
    for case in ALL {
        let whole = whole(&shop, raw.as_mut(), *case, &mut number).await?;
        everywhere(&shop, raw.as_mut(), *case, &whole, &mut number, &mut counts).await?;
        tracing::debug!(?case, cuts = counts.cuts, "cut everywhere");
    }
    let rows = shop.sound().await?;
    Ok(Seen::new()
        .and(ALL.len(), "use cases")
        .and(counts.cuts, "cuts")
        .and(counts.nothing, "left nothing")
        .and(counts.whole, "came after the commit and left all")
        .and(rows, "rows of the ledger"))
}

/// What a use case does to the tables when nobody cuts it. The first time makes what later ones find.
async fn whole(
    shop: &Arc<Shop>,
    raw: &mut dyn Raw,
    case: UseCase,
    number: &mut usize,
) -> Result<Difference, Failed> {
    let mut last = Difference::new();
    for _ in 0..2 {
        *number += 1;
        let ask = case.prepare(shop, *number).await?;
        let before = raw.picture().await?;
        ask.call(Arc::clone(shop)).await?;
        last = difference(&before, &raw.picture().await?);
    }
    if last.is_empty() {
        return Err(Failed::otherwise(format!("what {case:?} writes"), "something", "nothing"));
    }
    Ok(last)
}

/// Cuts it after 0, 1, 2, ... waits, until it comes to its end.
async fn everywhere(
    shop: &Arc<Shop>,
    raw: &mut dyn Raw,
    case: UseCase,
    whole: &Difference,
    number: &mut usize,
    counts: &mut Counts,
) -> Result<(), Failed> {
    *number += 1;
    let mut ask = case.prepare(shop, *number).await?;
    let mut before = raw.picture().await?;
    for waits in 0.. {
        let call = ask.clone().call(Arc::clone(shop));
        let ended = tokio::spawn(Cut::after(waits, call)).await.map_err(refused)?.transpose()?;
        // What was dropped is undone, or lasts, by the time when nobody is in a transaction any more.
        shop.bench.quiet().await?;
        let after = raw.picture().await?;
        let seen = difference(&before, &after);
        let place = format!("what {case:?} leaves that ended at its wait {waits}");
        if ended.is_some() {
            return same(format!("what {case:?} leaves that was not cut"), &seen, whole);
        }
        counts.cuts += 1;
        if seen.is_empty() {
            counts.nothing += 1;
            continue;
        }
        same(place, &seen, whole)?;
        counts.whole += 1;
        *number += 1;
        ask = case.prepare(shop, *number).await?;
        before = raw.picture().await?;
    }
    Ok(())
}

fn difference(before: &Picture, after: &Picture) -> Difference {
    let none = Vec::new();
    let mut changed = Difference::new();
    for (table, now) in after {
        let was = before.get(table).unwrap_or(&none);
        let counts = (missing(was, now), missing(now, was));
        if counts != (0, 0) {
            changed.insert(table.clone(), counts);
        }
    }
    changed
}

/// How many of these sorted rows are not among the others.
fn missing(these: &[String], others: &[String]) -> usize {
    let mut others = others.iter().peekable();
    let mut count = 0;
    for row in these {
        while others.next_if(|other| *other < row).is_some() {}
        if others.next_if(|other| *other == row).is_none() {
            count += 1;
        }
    }
    count
}
