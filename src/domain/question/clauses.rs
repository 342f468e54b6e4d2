//! Each move of a question in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Answer => Answered: answer by [Person]
        when "the time for an answer is not over; the answer has 1 to 4000 characters and is one of the options where there are any"
        writes "the answer, who gave it and when"
        emits "question answered";
    Cancel => Cancelled: cancel by [Worker, Person]
        when "the caller is the user behind the token that asked"
        writes "nothing else"
        emits "question cancelled";
    Expire => Expired: expire by [Server]
        when "the time for an answer is over by the database's clock: a day, or a week for a merge conflict"
        writes "nothing else"
        emits "question expired";
    Close => Closed: close by [Server]
        when "what it was asked for is settled, as when the paused run that asked goes on; in the same transaction"
        writes "nothing else"
        emits "question closed";
}
