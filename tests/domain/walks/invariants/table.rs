//! The list: number, sentence, check.

use super::super::world::World;
use super::{backlog, gate, ledger, ownership, runs};

/// A number, what it says, and the check that says where it does not hold.
pub(in super::super) type Invariant = (&'static str, &'static str, fn(&World) -> Result<(), String>);

/// Every invariant that is checked after every step.
pub(in super::super) const INVARIANTS: &[Invariant] = &[
    (
        "I01",
        "a held job has a token, a worker, an attempt, the time of its claim and a lease",
        ownership::i01,
    ),
    ("I02", "a queued job has no owner, no lease and nothing left of an earlier attempt", ownership::i02),
    ("I03", "an ended job has no lease, and the time of its end", ownership::i03),
    ("I04", "a running job started, and not before its claim", ownership::i04),
    ("I05", "no edge outside of the law stands in the ledger", ledger::i05),
    ("I06", "each row of the ledger begins where the one before it ended", ledger::i06),
    ("I07", "the last row of the ledger is where the thing stands", ledger::i07),
    ("I08", "the rows of each thing are numbered from 1 without a gap", ledger::i08),
    ("I09", "nothing follows an end of a job, run or attempt", ledger::i09),
    ("I10", "a job's attempt number counts its claims and its attempts", ownership::i10),
    ("I11", "a job is held iff exactly one attempt is, with the same number and token", ownership::i11),
    ("I12", "what a worker caused carries an attempt of its token that held the job then", ledger::i12),
    ("I13", "no job is claimed more often than attempts are allowed", ownership::i13),
    ("I14", "a job of code is done by evidence that satisfies the frozen policy, or by a waiver", gate::i14),
    ("I15", "what was published is what was verified, unless a person waived it", gate::i15),
    ("I16", "a cancelled job names its cause, and a cascade names a failed job", runs::i16),
    ("I17", "after a failure that cascades no sibling of that time is open", runs::i17),
    ("I18", "a run ended as the tally of its jobs says", runs::i18),
    ("I19", "an ended run has no open job", runs::i19),
    ("I20", "a run that goes on has an open job", runs::i20),
    ("I21", "the run of a held job is RUNNING or PAUSED", runs::i21),
    ("I28", "a sprint has one live run at most", runs::i28),
    (
        "I36",
        "claim, start and end are in order and not in the future; no lease is longer than allowed",
        ownership::i36,
    ),
    ("I39", "the plan and the policy do not change while an attempt lasts", gate::i39),
    ("I40", "the kind of a job and what it belongs to agree", ownership::i40),
    ("I41", "every queued job is claimable, or the guard that keeps it waiting is true", runs::i41),
    ("I42", "a task ends in the same transaction as the job that ended for it", backlog::i42),
    ("I43", "branches and commits keep to their grammar", gate::i43),
    ("I48", "what a done job published is on its branch", gate::i48),
    ("I53", "replaying the ledger through the law gives every status", ledger::i53),
    ("W01", "every row parses, and comes back from its type as it was", ownership::w01),
    ("W02", "a job has a cause iff it has ended", ownership::w02),
    ("W03", "a waiver has a person and a reason, and is the cause", gate::w03),
    ("W04", "evidence is of the attempt that shows it", gate::w04),
    ("W05", "an error stands in every failed and cancelled job, and in no other", ownership::w05),
    ("W06", "the cause fits the end", ownership::w06),
    ("W07", "a story is what its tasks make it", backlog::w07),
    ("W08", "a backlog item is what its stories make it, unless it is BLOCKED", backlog::w08),
    ("W09", "a sprint is what its stories make it, unless it is ARCHIVED", backlog::w09),
    ("W10", "a task has one open job at most, and none when it has ended", backlog::w10),
    ("W11", "one job at most is held on a branch", ownership::w11),
    ("W12", "no job was claimed while its run handed out none", runs::w12),
    ("W13", "a run is paused iff it says why", runs::w13),
    ("W14", "time never goes back in the ledger", ledger::w14),
    ("W15", "an attempt has an end iff it is not held, and not before its claim", ownership::w15),
    ("W16", "an attempt ended in the transaction of its job's move", ledger::w16),
    ("W17", "a job waits after an attempt was given back, longer each time", ownership::w17),
    ("W18", "only people excluded, blocked, archived or reopened anything", ledger::w18),
    ("W19", "what a done job changed is published, unless a person waived it", gate::w19),
];

/// The invariants that do not hold, each with where.
pub(in super::super) fn broken(world: &World) -> Vec<(&'static str, String)> {
    INVARIANTS.iter().filter_map(|(id, _, check)| Some((*id, check(world).err()?))).collect()
}

/// Says where something does not hold.
pub(super) fn hold(holds: bool, place: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(place()) }
}
