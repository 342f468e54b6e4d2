-- What was kept of an attempt before its worktree went: a row an attempt, until it is pruned and after.

CREATE TABLE salvages (
    job_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    repo_url TEXT NOT NULL,
    -- Where it is in the clone, on the attempt's host.
    ref TEXT NOT NULL,
    commit_sha TEXT NOT NULL,
    -- Changes that were not committed, commits that were not published, or both.
    kind TEXT NOT NULL,
    -- How many files had changes.
    paths INTEGER NOT NULL,
    salvaged_at INTEGER NOT NULL,
    restored_at INTEGER,
    pruned_at INTEGER,
    PRIMARY KEY (job_id, attempt),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number),
    CONSTRAINT ref_is_of_salvage CHECK (substr(ref, 1, 13) = 'refs/salvage/'),
    CONSTRAINT kind_is_known CHECK (kind IN ('CHANGES', 'COMMITS', 'BOTH')),
    CONSTRAINT changes_iff_paths CHECK (paths >= 0 AND (paths > 0) = (kind <> 'COMMITS')),
    CONSTRAINT restored_after_salvage CHECK (restored_at >= salvaged_at),
    CONSTRAINT pruned_after_salvage CHECK (pruned_at >= salvaged_at),
    CONSTRAINT restored_before_pruned CHECK (restored_at <= pruned_at)
) STRICT, WITHOUT ROWID;
-- What can still be restored, newest first.
CREATE INDEX salvages_kept ON salvages (salvaged_at, job_id, attempt) WHERE pruned_at IS NULL;
