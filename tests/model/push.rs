//! How a commit gets onto its branch: judged against the branch's tip, and sent by a push that moves the branch from
//! that tip only. What an attempt sends was noted when it was judged, so who sent a commit is its author.

use std::cell::RefCell;
use std::collections::HashMap;

use sprintgate::domain::attempt;
use sprintgate::domain::branch::{Lease, Sent, lease};
use sprintgate::domain::job::Status;

use super::calls::holds;
use super::job::Commit;
use super::state::{Hold, State, Step, Wrong};
use super::world::{Broken, World};

/// A commit that was sent: where its attempt is, and whether it is the one that asks.
type Sender = (Commit, attempt::Status, bool);

/// What the domain is asked: where the branch is, where it was, the new commit, who sent what, and whether it is told
/// that everything is behind the new commit.
type Asked = (Commit, Commit, Commit, Vec<Sender>, bool);

thread_local! {
    static KNOWN: RefCell<HashMap<Asked, Lease>> = RefCell::default();
}

impl World {
    /// Reads the branch's tip and judges whether it may be moved from there.
    pub(crate) fn look(&self, state: &mut State, hold: &Hold) -> Step {
        let found = state.tips[self.branch(hold.job)];
        if found == hold.head() {
            return Step::Pushed;
        }
        let senders = if found == hold.base { Vec::new() } else { self.senders(state, hold, found) };
        match may_move((found, hold.base, hold.head(), senders, self.lacks(Broken::StartNotAsked))) {
            Lease::Refused(_) if !self.lacks(Broken::PushByForce) => self.refused(state, hold),
            _ => Step::Sends(found),
        }
    }

    /// Who sent the commit, who sent what these began from, and so on.
    fn senders(&self, state: &State, hold: &Hold, found: Commit) -> Vec<Sender> {
        let (mut senders, mut commit) = (Vec::new(), found);
        while let Some((job, attempt)) = commit.author() {
            let unknown = self.lacks(Broken::SentNotNoted)
                || self.lacks(Broken::OthersNotAsked) && job != hold.job
                || self.lacks(Broken::BelowNotAsked) && commit != found;
            if unknown {
                break;
            }
            let row = state.job(job);
            let status = match row.status {
                status if status.is_held() && row.attempt == attempt => attempt::Status::Held,
                Status::Done if row.attempt == attempt && !self.lacks(Broken::EndNotAsked) => {
                    attempt::Status::Finished
                }
                // The rule knows one end without a result from another no more than this does.
                _ => attempt::Status::Expired,
            };
            senders.push((commit, status, (job, attempt) == (hold.job, hold.attempt)));
            commit = commit.start();
        }
        senders
    }

    /// Sends the commit; the remote moves the branch only from the tip that was judged. A push that loses its race
    /// looks again.
    pub(crate) fn send(&self, state: &mut State, hold: &Hold, judged: Commit) -> Step {
        let (branch, head) = (self.branch(hold.job), hold.head());
        let tip = state.tips[branch];
        if tip == judged || self.lacks(Broken::PushByForce) {
            if tip.holds_a_persons() && !head.holds_a_persons() {
                state.wrong(Wrong::PersonPushedAway);
            }
            state.tips[branch] = head;
            return Step::Pushed;
        }
        if self.lacks(Broken::LostPushIsFinal) {
            return self.refused(state, hold);
        }
        Step::Judged
    }

    fn refused(&self, state: &mut State, hold: &Hold) -> Step {
        let by_a_person = state.tips[self.branch(hold.job)].is_a_persons();
        if holds(hold.job, *state.job(hold.job), hold.attempt) && !by_a_person {
            state.wrong(Wrong::RefusedByDead);
        }
        Step::Refused
    }
}

/// The domain's answer, asked for once.
fn may_move(asked: Asked) -> Lease {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(&asked).copied()) {
        return known;
    }
    let (found, expected, head, senders, all_behind) = &asked;
    let sent = |(commit, status, own): &Sender| Sent {
        commit: commit.id(),
        status: *status,
        own: *own,
        start: Some(commit.start().id()),
    };
    let sent: Vec<Sent> = senders.iter().map(sent).collect();
    let is_behind = |id: &_| *all_behind || head.has(Commit::of(id));
    let answer = lease(Some(&found.id()), Some(&expected.id()), &sent, is_behind);
    KNOWN.with_borrow_mut(|known| known.insert(asked, answer));
    answer
}
