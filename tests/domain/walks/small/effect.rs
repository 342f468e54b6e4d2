//! Effects: tried by numbered tries, again and again, until they are done or given up.

use sprintgate::domain::actor::Actor;
use sprintgate::domain::effect::*;
use sprintgate::domain::id::{EffectId, TokenId, UserId, WorkerId};
use sprintgate::domain::machine::Change;
use sprintgate::domain::time::Timestamp;

use super::walker::{Machine, Throw, typed, walks};

struct Effects;

fn person(throw: &Throw) -> Actor {
    match throw.b % 4 {
        0 => Actor::Agent(TokenId::new("tok").unwrap()),
        _ => Actor::Human(UserId::new("ann").unwrap()),
    }
}

impl Machine for Effects {
    const NAME: &'static str = "effect";
    type Row = Row;
    type Any = AnyEffect;

    fn born(n: usize) -> Row {
        let id = EffectId::new(format!("e{n}")).unwrap();
        let state = Pending { due_at: Timestamp(0) };
        Effect { id, kind: Kind::OpenPr, tries: 0, tries_max: [2, 3, TRIES_MAX][n], state }.into()
    }

    typed!(AnyEffect: Pending, Running, Retry, Done, GaveUp);

    fn fire(any: AnyEffect, event: Event, throw: &Throw, _: &[AnyEffect]) -> Option<Change<Row>> {
        let (now, holder) = (throw.now, WorkerId::new("w").unwrap());
        let reason = if throw.a.is_multiple_of(4) { "short" } else { "nobody needs it" };
        // The try that speaks: mostly the one that runs, sometimes one before or after it.
        let number = |tries: u32| match throw.a % 8 {
            0 => tries.saturating_sub(1),
            1 => tries + 1,
            _ => tries,
        };
        // What ends it comes less often, so that some are tried to the last.
        if matches!(event, Event::Succeed | Event::Refuse | Event::Dismiss) && throw.b >= 50 {
            return None;
        }
        Some(match (event, any) {
            (Event::Start, AnyEffect::Pending(it)) => it.start(holder, now, LEASE).ok()?.into(),
            (Event::Start, AnyEffect::Retry(it)) => it.start(holder, now, LEASE).ok()?.into(),
            (Event::Dismiss, AnyEffect::Pending(it)) => it.dismiss(&person(throw), reason, now).ok()?.into(),
            (Event::Dismiss, AnyEffect::Retry(it)) => it.dismiss(&person(throw), reason, now).ok()?.into(),
            (Event::Succeed, AnyEffect::Running(it)) => {
                let number = number(it.tries);
                let right = number == it.tries;
                let step = it.succeed(number, now).ok()?;
                assert!(right, "a dead try did it");
                step.into()
            }
            (Event::Fail, AnyEffect::Running(it)) => {
                let number = number(it.tries);
                it.fail(number, "no answer", now).ok()?.into()
            }
            (Event::Refuse, AnyEffect::Running(it)) => {
                let number = number(it.tries);
                it.refuse(number, "no such branch", now).ok()?.into()
            }
            (Event::Expire, AnyEffect::Running(it)) => it.expire(now).ok()?.into(),
            (Event::Again, AnyEffect::GaveUp(it)) => it.again(&person(throw), now).ok()?.into(),
            _ => return None,
        })
    }

    fn sound(rows: &[Row], now: Timestamp) -> Result<(), String> {
        rows.iter().try_for_each(|row| {
            let running = row.status == Status::Running;
            let over = matches!(row.status, Status::Done | Status::GaveUp);
            let holds = row.tries <= row.tries_max
                && running == row.holder.is_some()
                && running == row.lease_until.is_some()
                && row.lease_until.is_none_or(|until| until <= now + LEASE)
                && over == row.finished_at.is_some_and(|at| at <= now)
                && (row.status == Status::GaveUp) == row.gave_up_why.is_some()
                && (row.gave_up_why == Some(Why::Dismissed)) == row.dismissed_by.is_some()
                && row.dismissed_by.is_some() == row.dismiss_reason.is_some();
            if holds { Ok(()) } else { Err(format!("{row:?} at {now}")) }
        })
    }
}

walks!(Effects);
