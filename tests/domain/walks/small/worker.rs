//! Workers: there, gone, and there again.

use sprintgate::domain::id::{TokenId, WorkerId};
use sprintgate::domain::machine::Change;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::worker::*;

use super::walker::{Machine, Throw, typed, walks};

struct Workers;

impl Machine for Workers {
    const NAME: &'static str = "worker";
    type Row = Row;
    type Any = AnyWorker;

    fn born(n: usize) -> Row {
        let at = Timestamp(0);
        let (token, instance) = (TokenId::new("tok").unwrap(), WorkerId::new(format!("w{n}")).unwrap());
        Worker { token, instance, state: Present { started_at: at, last_seen_at: at, quota: None } }.into()
    }

    typed!(AnyWorker: Present, Absent);

    fn fire(any: AnyWorker, event: Event, throw: &Throw, _: &[AnyWorker]) -> Option<Change<Row>> {
        let now = throw.now;
        let revoked = throw.a.is_multiple_of(3).then_some(now);
        Some(match (event, any) {
            (Event::Unregister, AnyWorker::Present(it)) => it.unregister(now).into(),
            (Event::Prune, AnyWorker::Present(it)) => {
                // Half of them gave a sign of life just now, and cannot be pruned for it.
                let it = if throw.b.is_multiple_of(2) { it.seen(None, now) } else { it };
                let active = it.active(now);
                let step = it.prune(now).ok()?;
                assert!(!active, "an active worker was pruned");
                step.into()
            }
            (Event::Register, AnyWorker::Absent(it)) => {
                let step = it.register(revoked, now).ok()?;
                assert_eq!(revoked, None, "a revoked token was let in");
                step.into()
            }
            _ => return None,
        })
    }

    fn sound(rows: &[Row], now: Timestamp) -> Result<(), String> {
        rows.iter().try_for_each(|row| {
            let absent = row.status == Status::Absent;
            let times = row.started_at <= row.last_seen_at
                && row.last_seen_at <= now
                && row.absent_since.is_none_or(|at| row.last_seen_at <= at && at <= now);
            let holds = times && absent == row.absent_since.is_some() && absent == row.absent_how.is_some();
            if holds { Ok(()) } else { Err(format!("{row:?} at {now}")) }
        })
    }
}

walks!(Workers);
