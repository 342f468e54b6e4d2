//! Each move of an attempt in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Finish => Finished: follow by [Server]
        when "its job's move is `finish`, in the same transaction"
        writes "the end"
        emits "attempt finished";
    Fail => Failed: follow by [Server]
        when "its job's move is `fail`, in the same transaction"
        writes "the end"
        emits "attempt failed";
    Release => GivenBack: follow by [Server]
        when "its job's move is `release`, in the same transaction, whether another attempt is left or not"
        writes "the end"
        emits "attempt given_back";
    Expire => Expired: follow by [Server]
        when "its job's move is `expire`, in the same transaction, whether another attempt is left or not"
        writes "the end"
        emits "attempt expired";
    Skip => Skipped: follow by [Server]
        when "its job's move is `skip`, in the same transaction"
        writes "the end"
        emits "attempt skipped";
    Cancel => Cancelled: follow by [Server]
        when "its job's move is `cancel`, in the same transaction, and it held the job"
        writes "the end"
        emits "attempt cancelled";
}
