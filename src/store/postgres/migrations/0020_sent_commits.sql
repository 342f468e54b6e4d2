-- What attempts set out to send to their branches, noted before it happens: a push can get there late.

CREATE TABLE sent_commits (
    repo_url text COLLATE "C" NOT NULL,
    branch text COLLATE "C" NOT NULL,
    commit_sha text NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    attempt bigint NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (repo_url, branch, commit_sha, job_id, attempt),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
);
-- What an attempt sent.
CREATE INDEX sent_commits_of_attempt ON sent_commits (job_id, attempt);
