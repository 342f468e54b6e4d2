//! `db archive`: what ended long ago leaves the database for archives, while everybody else goes on.
//!
//! An archive is written and on the disk, then recorded with a seal for each of its rows in one transaction, then given its
//! name and read again; only then what it has is removed, a few at a time. Whoever dies in between leaves a draft without a
//! record, which the next one writes anew, or a recorded archive of which the next one removes the rest.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use super::copies::Copies;
use super::draft::{Draft, Written};
use super::place::Place;
use super::remove::Removed;
use super::unit::Unit;
use crate::domain::time::{Millis, Timestamp};
use crate::flow::fresh::iso;
use crate::flow::wire::{ArchiveLine, Archived};
use crate::flow::{FlowError, Sprintgate};
use crate::store::{ArchiveRecord, Leaving, StoreError};

/// Jobs or effects that are looked at in one statement.
const PAGE: u32 = 1000;

/// What is to be archived, and where.
#[derive(Debug, Clone)]
pub struct Archive {
    /// How long ago it ended at least.
    pub older_than: Millis,
    /// The folder of archives.
    pub to: PathBuf,
    /// The text of the law, for those who check an archive without this program.
    pub law: String,
    /// Only count.
    pub dry_run: bool,
}

/// Which of the two is looked through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Effects,
    Jobs,
}

/// What became of an archive that was to be recorded.
enum Recorded {
    There(ArchiveRecord),
    /// Some are not what was written any more, and why.
    Unlike(BTreeMap<Unit, String>),
    /// Somebody else's was recorded first.
    Late(StoreError),
}

/// What is under way.
struct Work<'a> {
    app: &'a Sprintgate,
    ask: &'a Archive,
    /// None in a dry run.
    place: Option<Place>,
    before: Timestamp,
    told: Archived,
    /// Archives that were looked at because they have something that was not removed yet, with what they have where they
    /// can be used.
    known: BTreeMap<i64, Option<Arc<Copies>>>,
}

impl Sprintgate {
    /// Moves jobs and effects that ended before then, with all that belongs to them alone, into archives. What something
    /// else refers to stays.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` when another process writes to the folder; `IO`; when the store fails. What left before has
    /// left, and is in its archive; whoever asks again goes on from there.
    pub async fn archive(&self, ask: &Archive) -> Result<Archived, FlowError> {
        let before = self.store.read().await?.now() + Millis(ask.older_than.0.saturating_neg());
        let place = match ask.dry_run {
            true => None,
            false => Some(Place::take(&ask.to)?),
        };
        if !ask.dry_run {
            // Only rows that a checkpoint binds can leave.
            self.again(|| async { self.audit_checkpoint().await }).await?;
        }
        let told = Archived { before: iso(before), dry_run: ask.dry_run, ..Archived::default() };
        let mut work = Work { app: self, ask, place, before, told, known: BTreeMap::new() };
        work.all(What::Effects, "lane").await?;
        work.all(What::Jobs, "cause").await?;
        Ok(work.told)
    }
}

impl Work<'_> {
    /// Looks at everything of a kind until what stays because of that word cannot follow what left.
    async fn all(&mut self, what: What, word: &str) -> Result<(), FlowError> {
        let before = self.told.stay.clone();
        loop {
            let left = self.told.jobs + self.told.effects;
            // Each pass says anew what stays.
            self.told.stay.clone_from(&before);
            self.pass(what).await?;
            let again = self.told.stay.contains_key(word) && self.told.jobs + self.told.effects > left;
            if !again || self.ask.dry_run {
                return Ok(());
            }
        }
    }

    /// Looks at everything of a kind once.
    async fn pass(&mut self, what: What) -> Result<(), FlowError> {
        let (mut after, mut due) = (String::new(), Vec::new());
        loop {
            let mut tx = self.app.store.read().await?;
            let page = match what {
                What::Effects => tx.effects_leaving(self.before, &after, PAGE).await?,
                // The effects that may leave have left, or would.
                What::Jobs => tx.jobs_leaving(self.before, self.ask.dry_run, &after, PAGE).await?,
            };
            drop(tx);
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            let mut sealed = Vec::new();
            for Leaving { id, stays } in page {
                let unit = match what {
                    What::Effects => Unit::Effect(id),
                    What::Jobs => Unit::Job(id),
                };
                match stays.as_deref() {
                    None => due.push(unit),
                    Some("open" | "young") => {}
                    Some("sealed") => sealed.push(unit),
                    Some(why) => self.stays(why),
                }
            }
            self.go_on(sealed).await?;
            if due.len() >= PAGE as usize {
                self.shelve(std::mem::take(&mut due)).await?;
            }
        }
        self.shelve(due).await
    }

    fn stays(&mut self, why: &str) {
        *self.told.stay.entry(why.to_owned()).or_default() += 1;
    }

    /// Removes what somebody recorded who did not come to the end.
    async fn go_on(&mut self, sealed: Vec<Unit>) -> Result<(), FlowError> {
        let mut of: BTreeMap<i64, Vec<Unit>> = BTreeMap::new();
        for unit in sealed {
            let (machine, entity) = unit.entity();
            let seal = self.app.store.read().await?.archived_histories(machine, entity, i64::MIN, 1).await?;
            let Some(number) = seal.first().map(|seal| seal.archive) else { continue };
            of.entry(number).or_default().push(unit);
        }
        for (number, units) in of {
            let Some(copies) = self.copies(number).await? else {
                units.iter().for_each(|_| self.stays("sealed"));
                continue;
            };
            let Removed { jobs, effects, .. } = self.remove(&units, &copies).await?;
            self.told.resumed += jobs + effects;
        }
        Ok(())
    }

    /// What an archive on record has, if it is in the folder and is what was recorded.
    async fn copies(&mut self, number: i64) -> Result<Option<Arc<Copies>>, FlowError> {
        if let Some(known) = self.known.get(&number) {
            return Ok(known.clone());
        }
        let record = self.app.store.read().await?.archives(number.saturating_sub(1), 1).await?.pop();
        let copies = match (record, &self.place) {
            (Some(record), Some(place)) => match place.settle(&record)? {
                None => Ok(Copies::read(&place.path(&record.name))?),
                Some(why) => Err(why),
            },
            (None, _) => Err(format!("there is no record of archive {number}")),
            // Nothing is removed.
            (_, None) => Ok(Copies::default()),
        };
        let copies = copies
            .map_err(|why| {
                self.told.notes.push(format!("{why}; what it should have stays in the database"));
            })
            .ok()
            .map(Arc::new);
        self.known.insert(number, copies.clone());
        Ok(copies)
    }

    /// Writes archives of these, records them, and removes what they have.
    async fn shelve(&mut self, due: Vec<Unit>) -> Result<(), FlowError> {
        if self.place.is_none() {
            for unit in due {
                match unit {
                    Unit::Job(_) => self.told.jobs += 1,
                    Unit::Effect(_) => self.told.effects += 1,
                }
            }
            return Ok(());
        }
        let mut due = VecDeque::from(due);
        while !due.is_empty() {
            self.one_archive(&mut due).await?;
        }
        Ok(())
    }

    async fn one_archive(&mut self, due: &mut VecDeque<Unit>) -> Result<(), FlowError> {
        let Some(place) = &self.place else { return Ok(()) };
        let mut tx = self.app.store.read().await?;
        let last = tx.last_archive().await?.map_or(0, |last| last.number);
        let checkpoint = tx.last_checkpoint().await?;
        let bound = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.upto_seq);
        let name = format!("archive-{}", last.saturating_add(1));
        let folder = place.draft(&name)?;
        let mut draft = Draft::new(&folder)?;
        let mut unfit = 0;
        while !draft.is_full() {
            let Some(unit) = due.pop_front() else { break };
            match unit.whole(&mut *tx, bound).await? {
                Some(whole) => draft.add(whole)?,
                None => unfit += 1,
            }
        }
        let at = tx.now();
        drop(tx);
        for _ in 0..unfit {
            self.stays("ledger");
        }
        let Some(place) = &self.place else { return Ok(()) };
        if draft.units.is_empty() {
            drop(draft);
            // It has nothing; the name is free again.
            place.draft(&name)?;
            return Ok(());
        }
        let hash = checkpoint.as_ref().map(|checkpoint| checkpoint.hash.as_str());
        let written = draft.end(&folder, name, &self.ask.law, at, hash)?;

        let copies = Copies::read(&folder)?;
        let recorded = self.app.again(|| self.record(last, &written, &copies)).await?;
        let record = match recorded {
            Recorded::There(record) => record,
            Recorded::Late(lost) => return Err(lost.into()),
            Recorded::Unlike(mut unlike) => {
                // It is written anew without these.
                place.draft(&written.new.name)?;
                for unit in written.units.into_iter().rev() {
                    match unlike.remove(&unit) {
                        Some(why) => self.stays(&why),
                        None => due.push_front(unit),
                    }
                }
                return Ok(());
            }
        };
        if let Some(why) = place.settle(&record)? {
            return Err(StoreError::Inconsistent { what: why }.into());
        }
        self.told.archives.push(ArchiveLine::from(&record));
        self.remove(&written.units, &copies).await?;
        Ok(())
    }

    /// Records and seals what was written, while it is locked; or says what is not what was written any more, and why.
    async fn record(&self, last: i64, written: &Written, copies: &Copies) -> Result<Recorded, FlowError> {
        let mut tx = self.app.store.begin().await?;
        // A commit whose answer was lost.
        if let Some(record) =
            tx.last_archive().await?.filter(|record| record.manifest == written.new.manifest)
        {
            return Ok(Recorded::There(record));
        }
        let record = match tx.add_archive(last, written.new.clone()).await {
            // Somebody else's came first, and will be first however often it is tried.
            Err(lost @ StoreError::Lost { .. }) => return Ok(Recorded::Late(lost)),
            said => said?,
        };
        let mut unlike = BTreeMap::new();
        for unit in &written.units {
            let why = match unit.held(&mut *tx, copies).await? {
                Ok(rows) if !rows.is_empty() => continue,
                Ok(_) => "changed".to_owned(),
                Err(why) => why,
            };
            unlike.insert(unit.clone(), why);
        }
        if !unlike.is_empty() {
            return Ok(Recorded::Unlike(unlike));
        }
        for entity in &written.entities {
            let sealed = tx.seal(&entity.machine, &entity.entity, entity.rows, record.number).await?;
            if i64::try_from(sealed) != Ok(entity.rows) {
                let what = format!("{} {} has other rows than a moment ago", entity.machine, entity.entity);
                return Err(StoreError::Inconsistent { what }.into());
            }
        }
        tx.commit().await?;
        Ok(Recorded::There(record))
    }

    async fn remove(&mut self, units: &[Unit], copies: &Copies) -> Result<Removed, FlowError> {
        if self.place.is_none() {
            return Ok(Removed::default());
        }
        let removed = self.app.remove_archived(units, copies).await?;
        self.told.jobs += removed.jobs;
        self.told.effects += removed.effects;
        self.told.rows += removed.rows;
        for why in &removed.stay {
            self.stays(why);
        }
        Ok(removed)
    }
}
