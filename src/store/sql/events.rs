//! The outbox, read, and who reads it.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{DbRow, KEPT_BACK, among, outbox_order};
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::At;
use crate::domain::event::Event;
use crate::domain::time::Timestamp;
use crate::store::{ConsumerRecord, EventRecord, OldestOpen, Outbox, Place, StoreError, Unseen};

macro_rules! events {
    ($which:ident, $order:ident) => {
        concat!(
            "SELECT xid, seq, at, machine, entity, entity_seq, event, from_status, to_status, user_id, product_id, ",
            "payload FROM outbox WHERE ",
            outbox_order!($which),
            " ORDER BY ",
            outbox_order!($order),
            " LIMIT $3"
        )
    };
}

macro_rules! consumers {
    ($rest:literal) => {
        concat!("SELECT name, place_xid, place_seq, seen_at, created_at FROM outbox_consumers WHERE ", $rest)
    };
}

statements! {
    EVENTS_AFTER = events!(after, forward);
    EVENTS_UP_TO = events!(up_to, backward);
    OLDEST_EVENT = concat!("SELECT xid, seq, at FROM outbox WHERE ", outbox_order!(after), " ORDER BY ",
        outbox_order!(forward), " LIMIT 1");
    UNSEEN = concat!("SELECT count(*) AS events, min(at) AS since FROM (SELECT at FROM outbox WHERE ",
        outbox_order!(after), " ORDER BY ", outbox_order!(forward), " LIMIT $3) AS counted");
    PRUNE_EVENTS = concat!("DELETE FROM outbox WHERE at < $4 AND seq ", among!(concat!(
        "SELECT seq FROM outbox WHERE ", outbox_order!(up_to), " ORDER BY ", outbox_order!(forward), " LIMIT $3")));
    ADD_CONSUMER = "INSERT INTO outbox_consumers (name, place_xid, place_seq, seen_at, created_at) \
        VALUES ($1, $2, $3, $4, $4) ON CONFLICT (name) DO NOTHING";
    CONSUMER = consumers!("name = $1");
    CONSUMERS = consumers!("name > '' ORDER BY name LIMIT $1");
    SLOWEST_CONSUMER = consumers!("place_xid >= 0 ORDER BY place_xid, place_seq LIMIT 1");
    ADVANCE_CONSUMER = "UPDATE outbox_consumers SET place_xid = $2, place_seq = $3, seen_at = $4 \
        WHERE name = $1 AND (place_xid, place_seq) <= ($2, $3)";
    MOVE_CONSUMER_ON = "UPDATE outbox_consumers SET place_xid = $4, place_seq = $5, seen_at = $6 \
        WHERE name = $1 AND place_xid = $2 AND place_seq = $3";
    FORGET_CONSUMER = "DELETE FROM outbox_consumers WHERE name = $1";
}

#[async_trait]
impl Outbox for DbTx {
    async fn events_after(&mut self, place: Place, limit: u32) -> Result<Vec<EventRecord>, StoreError> {
        let bound = sqlx::query(EVENTS_AFTER).bind(place.xid).bind(place.seq).bind(i64::from(limit));
        self.all(bound).await?.iter().map(event).collect()
    }

    async fn newest_events(&mut self, limit: u32) -> Result<Vec<EventRecord>, StoreError> {
        let end = Place::END;
        let bound = sqlx::query(EVENTS_UP_TO).bind(end.xid).bind(end.seq).bind(i64::from(limit));
        self.all(bound).await?.iter().rev().map(event).collect()
    }

    async fn oldest_event(&mut self) -> Result<Option<(Place, Timestamp)>, StoreError> {
        let start = Place::START;
        let row = self.one(sqlx::query(OLDEST_EVENT).bind(start.xid).bind(start.seq)).await?;
        row.as_ref().map(|row| Ok((place(row, "xid", "seq")?, Cells(row).time("at")?))).transpose()
    }

    async fn unseen(&mut self, place: Place) -> Result<Unseen, StoreError> {
        counted(self, UNSEEN, place).await
    }

    async fn kept_back(&mut self, place: Place) -> Result<Unseen, StoreError> {
        match KEPT_BACK {
            Some((events, _)) => counted(self, events, place).await,
            None => Ok(Unseen::default()),
        }
    }

    async fn oldest_open(&mut self) -> Result<Option<OldestOpen>, StoreError> {
        let Some((_, whose)) = KEPT_BACK else { return Ok(None) };
        let Some(row) = self.one(sqlx::query(whose)).await? else { return Ok(None) };
        Ok(Some(OldestOpen { who: Cells(&row).get("who")?, since: Cells(&row).time_if("since")? }))
    }

    async fn add_consumer(&mut self, name: &str, place: Place) -> Result<(), StoreError> {
        let bound = sqlx::query(ADD_CONSUMER).bind(name).bind(place.xid).bind(place.seq).bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn consumer(&mut self, name: &str) -> Result<Option<ConsumerRecord>, StoreError> {
        self.one(sqlx::query(CONSUMER).bind(name)).await?.as_ref().map(consumer).transpose()
    }

    async fn consumers(&mut self, limit: u32) -> Result<Vec<ConsumerRecord>, StoreError> {
        self.all(sqlx::query(CONSUMERS).bind(i64::from(limit))).await?.iter().map(consumer).collect()
    }

    async fn advance(&mut self, name: &str, place: Place) -> Result<bool, StoreError> {
        let bound =
            sqlx::query(ADVANCE_CONSUMER).bind(name).bind(place.xid).bind(place.seq).bind(self.time());
        Ok(self.run(bound).await? > 0)
    }

    async fn move_on(&mut self, name: &str, from: Place, to: Place) -> Result<bool, StoreError> {
        let bound = sqlx::query(MOVE_CONSUMER_ON)
            .bind(name)
            .bind(from.xid)
            .bind(from.seq)
            .bind(to.xid)
            .bind(to.seq)
            .bind(self.time());
        Ok(self.run(bound).await? > 0)
    }

    async fn held_back(&mut self, place: Place) -> Result<bool, StoreError> {
        let Some((events, _)) = KEPT_BACK else { return Ok(false) };
        let row = self.written(up_to(events, place, 1), "outbox").await?;
        Ok(Cells(&row).get::<i64>("events")? > 0)
    }

    async fn forget_consumer(&mut self, name: &str) -> Result<bool, StoreError> {
        Ok(self.run(sqlx::query(FORGET_CONSUMER).bind(name)).await? > 0)
    }

    async fn slowest_consumer(&mut self) -> Result<Option<ConsumerRecord>, StoreError> {
        self.one(sqlx::query(SLOWEST_CONSUMER)).await?.as_ref().map(consumer).transpose()
    }

    async fn prune_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let seen = self.slowest_consumer().await?.map_or(Place::END, |slowest| slowest.place);
        let bound =
            sqlx::query(PRUNE_EVENTS).bind(seen.xid).bind(seen.seq).bind(i64::from(limit)).bind(At(before));
        self.run(bound).await
    }
}

/// Asks for events behind a place, and for no more than so many.
fn up_to(text: &'static str, place: Place, most: i64) -> Bound<'static> {
    sqlx::query(text).bind(place.xid).bind(place.seq).bind(most)
}

async fn counted(tx: &mut DbTx, text: &'static str, place: Place) -> Result<Unseen, StoreError> {
    let row = tx.written(up_to(text, place, Unseen::COUNTED + 1), "outbox").await?;
    let events: i64 = Cells(&row).get("events")?;
    Ok(Unseen {
        events: events.min(Unseen::COUNTED),
        is_more: events > Unseen::COUNTED,
        since: Cells(&row).time_if("since")?,
    })
}

fn place(row: &DbRow, xid: &str, seq: &str) -> Result<Place, StoreError> {
    let cells = Cells(row);
    Ok(Place { xid: cells.get(xid)?, seq: cells.get(seq)? })
}

fn event(row: &DbRow) -> Result<EventRecord, StoreError> {
    let cells = Cells(row);
    let event = Event {
        machine: cells.get("machine")?,
        entity: cells.get("entity")?,
        entity_seq: cells.get("entity_seq")?,
        event: cells.get("event")?,
        from: cells.get("from_status")?,
        to: cells.get("to_status")?,
        at: cells.time("at")?,
        user: cells.id_if("user_id")?,
        product: cells.id_if("product_id")?,
        payload: cells.json("payload")?,
    };
    Ok(EventRecord { place: place(row, "xid", "seq")?, event })
}

fn consumer(row: &DbRow) -> Result<ConsumerRecord, StoreError> {
    let cells = Cells(row);
    Ok(ConsumerRecord {
        name: cells.get("name")?,
        place: place(row, "place_xid", "place_seq")?,
        seen_at: cells.time("seen_at")?,
        created_at: cells.time("created_at")?,
    })
}
