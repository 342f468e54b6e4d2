//! How a commit gets onto its branch: kept under the attempt's own ref, judged against the branch's tip, and sent by
//! a push that moves the branch from that tip only.

use super::calls::holds;
use super::job::Commit;
use super::state::{Hold, State, Step, Wrong};
use super::world::{Broken, World};

impl World {
    /// Keeps the attempt's commit in the vault.
    pub(crate) fn keep(&self, state: &mut State, hold: &Hold) {
        let kept = &mut state.kept[usize::from(hold.job)];
        let bit = 1 << hold.attempt;
        *kept = if self.lacks(Broken::OneRefPerJob) { bit } else { *kept | bit };
    }

    /// Reads the branch's tip and judges whether it may be moved from there: from where the attempt found it, from
    /// where the attempt pushed it itself, or from where an earlier attempt of the job did.
    pub(crate) fn look(&self, state: &mut State, hold: &Hold) -> Step {
        self.keep(state, hold);
        let found = state.tips[self.branch(hold.job)];
        if found == hold.head() {
            return Step::Pushed;
        }
        let of_job = found.author() == Some(hold.job);
        let attempt = found.attempt_of(hold.job);
        let sent = of_job && attempt == hold.attempt;
        let kept = state.kept[usize::from(hold.job)] & 1 << attempt != 0 && !self.lacks(Broken::VaultsApart);
        let earlier = of_job && attempt < hold.attempt && kept;
        if found == hold.base || sent || earlier || self.lacks(Broken::PushByForce) {
            return Step::Sends(found);
        }
        self.refused(state, hold)
    }

    /// Sends the commit; the remote moves the branch only from the tip that was judged. A push that loses its race
    /// looks again.
    pub(crate) fn send(&self, state: &mut State, hold: &Hold, judged: Commit) -> Step {
        let tip = &mut state.tips[self.branch(hold.job)];
        if *tip == judged || self.lacks(Broken::PushByForce) {
            *tip = hold.head();
            return Step::Pushed;
        }
        if self.lacks(Broken::LostPushIsFinal) {
            return self.refused(state, hold);
        }
        Step::Judged
    }

    fn refused(&self, state: &mut State, hold: &Hold) -> Step {
        if holds(hold.job, *state.job(hold.job), hold.attempt) {
            let author = state.tips[self.branch(hold.job)].author();
            let own = author == Some(hold.job);
            state.wrong(if own { Wrong::RefusedByEarlier } else { Wrong::RefusedByOther });
        }
        Step::Refused
    }
}
