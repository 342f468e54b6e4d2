//! The publication of branches: noted with the move that pushed them, and done at their forge by effects that are asked
//! for by level. A publication has a row where a forge of its repository is configured in the process that writes.

mod ask;
mod conflict;
mod due;
mod ended;
mod follows;
mod note;
mod opened;
mod pbi;
mod poll;
mod polls;
mod refusal;
mod resume;
mod revert;
mod scene;
mod seen;
mod shown;
mod undone;
mod unverified;
mod view;
mod wait;
mod words;

pub(in crate::flow) use ask::lane;
pub(in crate::flow) use due::{any, moves, settle_in_lane, settle_publication};
pub(in crate::flow) use ended::note_ended;
pub(in crate::flow) use follows::{branch_ended, branches_ended, run_done, story_changed, work_begins};
pub(in crate::flow) use note::note_pushed;
pub(in crate::flow) use opened::note_opened;
pub use poll::{Away, Polled};
pub use polls::Polls;
pub use refusal::PrRefusal;
pub(in crate::flow) use revert::{RevertOpened, note_revert};
pub(in crate::flow) use scene::{At, at, scene};
pub(in crate::flow) use seen::{Over, note_over};
pub(in crate::flow) use undone::{is_undone, undone_by};
pub(in crate::flow) use view::publication_of;
pub(in crate::flow) use words::{Words, words};
