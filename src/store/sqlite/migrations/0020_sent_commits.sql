-- What attempts set out to send to their branches, noted before it happens: a push can get there late.

CREATE TABLE sent_commits (
    repo_url TEXT NOT NULL,
    branch TEXT NOT NULL,
    commit_sha TEXT NOT NULL,
    job_id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    PRIMARY KEY (repo_url, branch, commit_sha, job_id, attempt),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
) STRICT, WITHOUT ROWID;
-- What an attempt sent.
CREATE INDEX sent_commits_of_attempt ON sent_commits (job_id, attempt);
