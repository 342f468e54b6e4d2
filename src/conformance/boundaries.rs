//! Use cases that write, ended at every place where they wait for the database: between any two statements, within each,
//! and while it commits. One in which git works for long is ended at places that lie further and further apart, and its
//! transactions are cases of their own. Archives write folders too: who dies in the middle of one is tested beside them.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::cut::Cut;
use super::difference::{Difference, Names};
use super::failed::{refused, same};
use super::repository;
use super::shop::Shop;
use super::use_cases::{ALL, Ask, UseCase};
use super::{Bench, Failed, Picture, Raw, Scale, Seen};

#[derive(Default)]
struct Counts {
    cuts: usize,
    nothing: usize,
    between: usize,
    whole: usize,
}

/// Cuts each of them everywhere.
pub(super) async fn cuts(bench: Arc<dyn Bench>, _: Scale) -> Result<Seen, Failed> {
    repository::make(bench.folder()).await?;
    let shop = Arc::new(Shop::new(bench).await?);
    let mut raw = shop.bench.raw().await?;
    let mut counts = Counts::default();
    let (mut number, mut names) = (0, Names::default());
    for case in ALL {
        let (number, names) = (&mut number, &mut names);
        let mut tried = Tried { shop: &shop, raw: raw.as_mut(), case: *case, number, names };
        tried.everywhere(&mut counts).await?;
        tracing::debug!(?case, cuts = counts.cuts, "cut everywhere");
    }
    let rows = shop.sound().await?;
    Ok(Seen::new()
        .and(ALL.len(), "use cases")
        .and(counts.cuts, "cuts")
        .and(counts.nothing, "left nothing")
        .and(counts.between, "left the first of two transactions")
        .and(counts.whole, "came after the commit and left all")
        .and(rows, "rows of the ledger"))
}

/// A use case that is tried again and again.
struct Tried<'a> {
    shop: &'a Arc<Shop>,
    raw: &'a mut dyn Raw,
    case: UseCase,
    /// Another one for each preparation.
    number: &'a mut usize,
    names: &'a mut Names,
}

/// A call, and what is there before it.
struct Prepared {
    ask: Ask,
    before: Picture,
    mark: String,
    /// Which transaction's end is there: 0 is none.
    step: usize,
}

impl Tried<'_> {
    async fn prepared(&mut self) -> Result<Prepared, Failed> {
        *self.number += 1;
        let ask = self.case.prepare(self.shop, *self.number).await?;
        self.shop.bench.quiet().await?;
        let before = self.raw.picture().await?;
        Ok(Prepared { ask, before, mark: self.raw.mark().await?, step: 0 })
    }

    async fn since(&mut self, before: &Picture) -> Result<Difference, Failed> {
        self.names.now = self.shop.bench.clock().load(Ordering::SeqCst);
        Difference::between(before, &self.raw.picture().await?, self.names)
    }

    /// What it does to the tables when nobody cuts it. The first time makes what later ones find.
    async fn whole(&mut self) -> Result<Difference, Failed> {
        let mut last = Difference::default();
        for _ in 0..2 {
            let prepared = self.prepared().await?;
            prepared.ask.call(Arc::clone(self.shop)).await?;
            last = self.since(&prepared.before).await?;
        }
        if last.is_empty() {
            return Err(Failed::otherwise(format!("what {:?} writes", self.case), "something", "nothing"));
        }
        Ok(last)
    }

    /// Cuts it after 0, 1, 2, ... waits, until it comes to its end. What is left in its middle is gone on with.
    async fn everywhere(&mut self, counts: &mut Counts) -> Result<(), Failed> {
        let (case, whole) = (self.case, self.whole().await?);
        // What is there when it ended between two of its transactions.
        let mut steps: Vec<Difference> = Vec::new();
        let mut prepared = self.prepared().await?;
        let mut waits = 0;
        loop {
            let call = prepared.ask.clone().call(Arc::clone(self.shop));
            let cut = if case.has_git() { Cut::after_long(waits, call) } else { Cut::after(waits, call) };
            let ended = tokio::spawn(cut).await.map_err(refused)?.transpose()?;
            // What was dropped is undone, or lasts, by the time when nobody is in a transaction any more.
            self.shop.bench.quiet().await?;
            counts.cuts += usize::from(ended.is_none());
            let mark = self.raw.mark().await?;
            let same_as_before = mark == prepared.mark;
            prepared.mark = mark;
            if !same_as_before || ended.is_some() {
                let seen = self.since(&prepared.before).await?;
                if ended.is_some() {
                    seen.same(&format!("what {case:?} leaves that was not cut"), &whole)?;
                    break;
                }
                if seen == whole {
                    counts.whole += 1;
                    waits += 1;
                    prepared = self.prepared().await?;
                    continue;
                }
                prepared.step = match steps.iter().position(|step| *step == seen) {
                    _ if seen.is_empty() => 0,
                    Some(step) => step + 1,
                    None if steps.len() + 1 < case.commits() => {
                        steps.push(seen);
                        steps.len()
                    }
                    None => {
                        let place = format!("what {case:?} leaves that ended at its wait {waits}");
                        return seen.same(&place, steps.last().unwrap_or(&whole));
                    }
                };
            }
            waits += if case.has_git() { waits / 4 + 1 } else { 1 };
            *if prepared.step == 0 { &mut counts.nothing } else { &mut counts.between } += 1;
        }
        same(format!("transactions of {case:?}"), steps.len() + 1, case.commits())
    }
}
