//! Questions: asked once, and ended once.

use sprintgate::domain::actor::Actor;
use sprintgate::domain::id::{QuestionId, TokenId, UserId};
use sprintgate::domain::machine::Change;
use sprintgate::domain::question::*;
use sprintgate::domain::time::Timestamp;

use super::walker::{Machine, Throw, typed, walks};

struct Questions;

impl Machine for Questions {
    const NAME: &'static str = "question";
    type Row = Row;
    type Any = AnyQuestion;

    fn born(n: usize) -> Row {
        let options = Options::new(["red", "blue"].iter().take(n).map(ToString::to_string).collect());
        let purpose = if n == 0 { Purpose::MergeConflict } else { Purpose::Work };
        let asked =
            Asked::at(Timestamp(0), UserId::new("bot").unwrap(), options.unwrap_or_default(), purpose);
        Question { id: QuestionId::new(format!("q{n}")).unwrap(), asked, state: Open }.into()
    }

    typed!(AnyQuestion: Open, Answered, Cancelled, Expired, Closed);

    fn fire(any: AnyQuestion, event: Event, throw: &Throw, _: &[AnyQuestion]) -> Option<Change<Row>> {
        let AnyQuestion::Open(open) = any else { return None };
        let by = match throw.a % 4 {
            0 => Actor::Agent(TokenId::new("tok").unwrap()),
            1 => Actor::System,
            _ => Actor::Human(UserId::new("ann").unwrap()),
        };
        let answer = ["red", "", " blue ", "green"][usize::from(throw.b % 4)];
        let asker = if throw.a.is_multiple_of(2) { "bot" } else { "ann" };
        // Questions end for good: let some of them live for a while.
        if throw.b < 160 {
            return None;
        }
        Some(match event {
            Event::Answer => open.answer(&by, answer, throw.now).ok()?.into(),
            Event::Cancel => open.cancel(&UserId::new(asker).unwrap()).ok()?.into(),
            Event::Expire => open.expire(throw.now).ok()?.into(),
            Event::Close => open.close().into(),
        })
    }

    fn sound(rows: &[Row], now: Timestamp) -> Result<(), String> {
        rows.iter().try_for_each(|row| {
            let answered = row.status == Status::Answered;
            let in_time = row.answered_at.is_none_or(|at| at <= row.expires_at && at <= now);
            let said = row.answer.as_ref().is_some_and(|answer| !answer.trim().is_empty());
            let holds = answered == said
                && answered == (row.answered_by.as_ref().is_some_and(|by| by.as_str() == "ann"))
                && answered == row.answered_at.is_some()
                && in_time
                && (row.status != Status::Expired || row.expires_at < now);
            if holds { Ok(()) } else { Err(format!("{row:?} at {now}")) }
        })
    }
}

walks!(Questions);
