//! Whether the folder of an attempt stays or goes: the one rule, whoever asks. What lies in it does not matter here,
//! because it is kept before the folder goes.

use crate::domain::attempt::Status;
use crate::domain::job::EndCause;
use crate::domain::machine::words;
use crate::domain::time::{Millis, Timestamp};

words! {
    /// Why the folder of an attempt stays.
    pub enum Stay: "reason to stay" {
        /// Its attempt holds the job.
        Held = "held",
        /// Another host claimed it.
        OtherHost = "other_host",
        /// Its branch could not be pushed; it stays for a look.
        NotPushed = "not_pushed",
        /// Its worker was told to stop and has not confirmed.
        NotConfirmed = "not_confirmed",
        /// Its attempt has only just ended.
        JustEnded = "just_ended",
    }
}

words! {
    /// Why the folder of an attempt goes.
    pub enum Leave: "reason to go" {
        /// Its attempt has ended, and a lease has gone by since.
        Ended = "ended",
        /// Its worker confirmed that it stopped.
        Stopped = "stopped",
        /// Its worker was told to stop, and a lease has gone by without a word.
        Silent = "silent",
        /// Its agent is known to be gone.
        AgentGone = "agent_gone",
        /// It is a product's, and nobody holds it; the next job makes it anew.
        Free = "free",
    }
}

/// What is read of an attempt to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenancy {
    /// Where the attempt is.
    pub status: Status,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// This host claimed it.
    pub is_here: bool,
    /// Why its job ended, if this was the job's last attempt.
    pub end_cause: Option<EndCause>,
    /// For a cancelled one: its worker's stop was confirmed, or noted as never confirmed.
    pub is_confirmed: bool,
    /// Whoever asks knows that nobody works there any more.
    pub agent_gone: bool,
}

/// What becomes of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays {
        /// Why.
        why: Stay,
        /// The first moment at which it can go without anybody doing anything.
        until: Option<Timestamp>,
    },
    /// It goes, once its work is kept.
    Goes(Leave),
}

impl Tenancy {
    /// What becomes of the folder now. Whoever worked there may not have noticed the end of the attempt yet: after a
    /// lease without a word it is gone.
    #[must_use]
    pub fn fate(&self, lease: Millis, now: Timestamp) -> Fate {
        let stays = |why| Fate::Stays { why, until: None };
        if self.status == Status::Held {
            return stays(Stay::Held);
        }
        if !self.is_here {
            return stays(Stay::OtherHost);
        }
        if self.end_cause == Some(EndCause::Push) {
            return stays(Stay::NotPushed);
        }
        if self.agent_gone {
            return Fate::Goes(Leave::AgentGone);
        }
        let until = self.ended_at.map(|end| end + lease + Millis(1)).filter(|until| now < *until);
        match (self.status, self.is_confirmed, until) {
            (Status::Cancelled, true, _) => Fate::Goes(Leave::Stopped),
            (Status::Cancelled, false, None) => Fate::Goes(Leave::Silent),
            (Status::Cancelled, false, until) => Fate::Stays { why: Stay::NotConfirmed, until },
            (_, _, None) => Fate::Goes(Leave::Ended),
            (_, _, until) => Fate::Stays { why: Stay::JustEnded, until },
        }
    }
}

/// Whether nobody works for the attempt any more, so that what it worked in can be given to the next one: it ended on its
/// own word or its runner's, or its worker's stop is known. After a lease without a word its folder goes all the same;
/// but whoever comes back from that must not find somebody else at work there.
#[must_use]
pub fn has_left(status: Status, is_stopped: bool) -> bool {
    match status {
        Status::Finished | Status::Failed | Status::GivenBack | Status::Skipped => true,
        Status::Cancelled => is_stopped,
        Status::Held | Status::Expired => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Millis = Millis(100);

    fn ended(status: Status) -> Tenancy {
        Tenancy {
            status,
            ended_at: Some(Timestamp(1000)),
            is_here: true,
            end_cause: None,
            is_confirmed: false,
            agent_gone: false,
        }
    }

    #[test]
    fn a_live_attempts_folder_stays_whatever_else_is_known() {
        let held = Tenancy { ended_at: None, agent_gone: true, ..ended(Status::Held) };
        let stays = Fate::Stays { why: Stay::Held, until: None };
        assert_eq!(held.fate(LEASE, Timestamp(i64::MAX)), stays);
        let elsewhere = Tenancy { is_here: false, agent_gone: true, ..ended(Status::Expired) };
        let stays = Fate::Stays { why: Stay::OtherHost, until: None };
        assert_eq!(elsewhere.fate(LEASE, Timestamp(9999)), stays);
    }

    #[test]
    fn a_folder_goes_a_lease_after_the_end_and_not_before() {
        let stays = |why| Fate::Stays { why, until: Some(Timestamp(1101)) };
        for status in [Status::Finished, Status::Failed, Status::GivenBack, Status::Expired, Status::Skipped]
        {
            assert_eq!(ended(status).fate(LEASE, Timestamp(1100)), stays(Stay::JustEnded), "{status}");
            assert_eq!(ended(status).fate(LEASE, Timestamp(1101)), Fate::Goes(Leave::Ended), "{status}");
        }
        let told = ended(Status::Cancelled);
        assert_eq!(told.fate(LEASE, Timestamp(1100)), stays(Stay::NotConfirmed));
        assert_eq!(told.fate(LEASE, Timestamp(1101)), Fate::Goes(Leave::Silent));
        let heard = Tenancy { is_confirmed: true, ..told };
        assert_eq!(heard.fate(LEASE, Timestamp(1000)), Fate::Goes(Leave::Stopped));
    }

    #[test]
    fn who_was_taken_its_job_has_left_when_somebody_says_so() {
        for status in [Status::Finished, Status::Failed, Status::GivenBack, Status::Skipped] {
            assert!(has_left(status, false), "{status}");
        }
        for status in [Status::Held, Status::Expired] {
            assert!(!has_left(status, true), "{status}");
        }
        assert!(has_left(Status::Cancelled, true) && !has_left(Status::Cancelled, false));
    }

    #[test]
    fn who_saw_the_agent_end_need_not_wait_but_for_a_push_that_failed() {
        let gone = Tenancy { agent_gone: true, ..ended(Status::Failed) };
        assert_eq!(gone.fate(LEASE, Timestamp(1000)), Fate::Goes(Leave::AgentGone));
        let failed = Tenancy { end_cause: Some(EndCause::Push), ..gone };
        let stays = Fate::Stays { why: Stay::NotPushed, until: None };
        assert_eq!(failed.fate(LEASE, Timestamp(9999)), stays);
    }
}
