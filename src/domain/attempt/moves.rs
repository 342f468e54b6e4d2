//! How an attempt ends: with whatever its job's move was.

use super::words::{Event, Status};
use crate::domain::job;

/// How a job's move ends the attempt that held it; nothing for moves that begin or continue one.
#[must_use]
pub fn ended_by(event: job::Event) -> Option<(Event, Status)> {
    match event {
        job::Event::Claim | job::Event::Start => None,
        job::Event::Finish => Some((Event::Finish, Status::Finished)),
        job::Event::Fail => Some((Event::Fail, Status::Failed)),
        job::Event::Release => Some((Event::Release, Status::GivenBack)),
        job::Event::Expire => Some((Event::Expire, Status::Expired)),
        job::Event::Skip => Some((Event::Skip, Status::Skipped)),
        job::Event::Cancel => Some((Event::Cancel, Status::Cancelled)),
    }
}
