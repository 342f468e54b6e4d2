-- What was kept of an attempt before its worktree went: a row an attempt, until it is pruned and after.

CREATE TABLE salvages (
    job_id text COLLATE "C" NOT NULL,
    attempt bigint NOT NULL,
    repo_url text COLLATE "C" NOT NULL,
    -- Where it is in the clone, on the attempt's host.
    ref text COLLATE "C" NOT NULL,
    commit_sha text NOT NULL,
    -- Changes that were not committed, commits that were not published, or both.
    kind text NOT NULL,
    -- How many files had changes.
    paths bigint NOT NULL,
    salvaged_at timestamptz NOT NULL,
    restored_at timestamptz,
    pruned_at timestamptz,
    PRIMARY KEY (job_id, attempt),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number),
    CONSTRAINT ref_is_of_salvage CHECK (substr(ref, 1, 13) = 'refs/salvage/'),
    CONSTRAINT kind_is_known CHECK (kind IN ('CHANGES', 'COMMITS', 'BOTH')),
    CONSTRAINT changes_iff_paths CHECK (paths >= 0 AND (paths > 0) = (kind <> 'COMMITS')),
    CONSTRAINT restored_after_salvage CHECK (restored_at >= salvaged_at),
    CONSTRAINT pruned_after_salvage CHECK (pruned_at >= salvaged_at),
    CONSTRAINT restored_before_pruned CHECK (restored_at <= pruned_at)
);
-- What can still be restored, newest first.
CREATE INDEX salvages_kept ON salvages (salvaged_at, job_id, attempt) WHERE pruned_at IS NULL;
