//! Story, product backlog item and sprint: machines whose status is derived from what lies beneath them, by level and
//! reversibly. Their one event is `derive`, beside the few that people fire.

pub mod pbi;
pub mod sprint;
pub mod story;
