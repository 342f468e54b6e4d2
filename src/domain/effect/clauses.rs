//! Each move of an effect in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Start => Running: start by [Server]
        when "its time has come by the database's clock"
        writes "the process that tries, its lease, and the number of the new try"
        emits "effect running";
    Succeed => Done: succeed by [Server]
        when "the caller's try is the one that runs; the thing was done, or was found done"
        writes "when; what was learned by it (as the address of a pull request), in the same transaction"
        emits "effect done";
    Fail => Retry: fail by [Server]
        when "the caller's try is the one that runs, met something that may pass, and is not the last"
        writes "what it met, and when the next try is due: 10 s later, then twice as long each time, at most 30 minutes, and up to a quarter longer by chance; later where the other side asked for it, by a day at most"
        emits "effect retry";
    Fail => GaveUp: fail by [Server]
        when "the caller's try is the one that runs, met something that may pass, and is the last"
        writes "what it met, when, and the reason `spent`"
        emits "effect gave_up";
    Refuse => GaveUp: refuse by [Server]
        when "the caller's try is the one that runs, and met something that every other try would meet"
        writes "what it met, when, and the reason `refused`"
        emits "effect gave_up";
    Expire => Retry: expire by [Server]
        when "the lease ran out by the database's clock, and the try is not the last"
        writes "that nobody gave a sign of life, and when the next try is due, as after a failure"
        emits "effect retry";
    Expire => GaveUp: expire by [Server]
        when "the lease ran out by the database's clock, and the try is the last"
        writes "that nobody gave a sign of life, when, and the reason `spent`"
        emits "effect gave_up";
    Again => Pending: again by [Person]
        when "always"
        writes "that it is due now, and may be tried as often as at first; the numbers of its tries go on"
        emits "effect pending";
    Dismiss => GaveUp: dismiss by [Person]
        when "no process tries it, and a reason of at least 10 characters is given"
        writes "who, why and when, the reason `dismissed`, and what the last try met"
        emits "effect gave_up";
}
