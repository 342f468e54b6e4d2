//! The types of events: the original's for jobs and workers, else the name of the machine.

/// A job was queued, for the first time.
pub const JOB_ENQUEUED: &str = "claude_job_enqueued";
/// A job has another status.
pub const JOB_STATUS: &str = "claude_job_status";
/// A worker process is there.
pub const WORKER_CONNECTED: &str = "worker_connected";
/// A worker process is gone.
pub const WORKER_DISCONNECTED: &str = "worker_disconnected";
/// A worker process told what is left of its agent's quota.
pub const WORKER_HEARTBEAT: &str = "worker_heartbeat";

/// What happens to a worker that tells of its quota. No edge of its machine: it stays where it is.
pub const HEARTBEAT: &str = "heartbeat";

/// The type of the event that a birth or move is, by its words in the ledger.
#[must_use]
pub fn kind<'a>(machine: &'a str, event: &str, to: &str) -> &'a str {
    match (machine, event, to) {
        ("job", "create", _) => JOB_ENQUEUED,
        ("job", ..) => JOB_STATUS,
        ("worker", HEARTBEAT, _) => WORKER_HEARTBEAT,
        ("worker", _, "ABSENT") => WORKER_DISCONNECTED,
        ("worker", ..) => WORKER_CONNECTED,
        _ => machine,
    }
}

/// The event as the clauses of the law say it: the type, and the status where the type does not say it.
#[must_use]
pub fn announced(machine: &str, event: &str, to: &str) -> String {
    let kind = kind(machine, event, to);
    match machine {
        "worker" => kind.to_owned(),
        _ if kind == JOB_ENQUEUED => kind.to_owned(),
        _ => format!("{kind} {}", to.to_ascii_lowercase()),
    }
}
