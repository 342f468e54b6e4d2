//! Publications: what is due in every scene, and texts that hostile words cannot get out of.

mod due;
mod orders;
mod payloads;
mod protected;
mod quoted;
mod texts;
mod work;
mod world;

use sprintgate::domain::commit::CommitId;

fn commit(letter: char) -> CommitId {
    CommitId::new(letter.to_string().repeat(40)).unwrap()
}
