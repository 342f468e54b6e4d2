-- Tables as they get in use, for plans that are the real ones. No table has more rows than a sample of statistics takes
-- (30,000), so that these are the same each time. Triggers and foreign keys are off: what is not in order is no matter.
SET session_replication_role = replica;

CREATE TEMP TABLE due AS SELECT
    timestamptz '2026-01-01 00:00:00Z' AS past, timestamptz '2036-01-01 00:00:00Z' AS future, repeat('0', 64) AS zeros;

INSERT INTO users (id, username, created_at)
SELECT 'u' || n, 'user ' || n, past FROM due, generate_series(1, 6000) n;
INSERT INTO api_tokens (id, user_id, token_hash, kind, scope_job, scope_attempt, created_at)
SELECT 't' || n, 'u' || (1 + n % 300), lpad(CAST(n AS text), 64, '0'),
       CASE WHEN n > 600 THEN 'ATTEMPT' ELSE 'IMPLEMENTATION' END,
       CASE WHEN n > 600 THEN 'j' || n END, CASE WHEN n > 600 THEN 1 END, past
FROM due, generate_series(1, 5000) n;
INSERT INTO requests (token_id, request_id, digest, response, created_at)
SELECT 't' || (1 + n % 600), 'r' || n, zeros, '{}', past FROM due, generate_series(1, 10000) n;
INSERT INTO products (id, user_id, name, code, definition_of_done, pr_strategy, created_at)
SELECT 'p' || n, 'u' || (1 + n % 3000), 'Shop ' || n, 'S' || n, 'tests pass', 'STORY', past
FROM due, generate_series(1, 6000) n;
INSERT INTO product_members (product_id, user_id, created_at)
SELECT 'p' || (1 + n % 600), 'u' || (1 + n % 299), past FROM due, generate_series(1, 2000) n ON CONFLICT DO NOTHING;
INSERT INTO counters (product_id, kind, n)
SELECT 'p' || n, kind, 9 FROM generate_series(1, 600) n, unnest(ARRAY['pbi', 'story', 'task', 'sprint']) kind;

INSERT INTO pbis (id, product_id, code, title, priority, sort_order, status, status_event, ledger_seq, created_at, updated_at)
SELECT 'b' || n, 'p' || (1 + n % 600), 'PBI-' || n, 'item', 1 + n % 4, n,
       (ARRAY['READY', 'READY', 'DONE', 'FAILED', 'BLOCKED'])[1 + n % 5], 'create', 1, past, past
FROM due, generate_series(1, 6000) n;
INSERT INTO sprints (id, product_id, code, sprint_goal, status, status_event, ledger_seq, created_at, updated_at)
SELECT 's' || n, 'p' || (1 + n % 600), 'S-' || n, 'sell', CASE WHEN n % 10 = 0 THEN 'OPEN' ELSE 'CLOSED' END, 'create', 1,
       past + n * interval '1 minute', past
FROM due, generate_series(1, 3000) n;
INSERT INTO stories (id, pbi_id, product_id, sprint_id, code, title, priority, sort_order, status, status_event, ledger_seq,
    created_at, updated_at)
SELECT 'st' || n, 'b' || (1 + n % 6000), 'p' || (1 + n % 600), CASE WHEN n % 4 > 0 THEN 's' || (1 + n % 3000) END, 'ST-' || n,
       'story', 1 + n % 4, n, (ARRAY['OPEN', 'IN_SPRINT', 'DONE', 'FAILED'])[1 + n % 4], 'create', 1, past, past
FROM due, generate_series(1, 12000) n;
INSERT INTO tasks (id, story_id, product_id, sprint_id, code, title, implementation_plan, priority, sort_order,
    verify_required, verify_only, status, status_event, ledger_seq, created_at, updated_at)
SELECT 'k' || n, 'st' || (1 + n % 12000), 'p' || (1 + n % 600), CASE WHEN n % 4 > 0 THEN 's' || (1 + n % 3000) END, 'T-' || n,
       'task', 'change a.rs', 1 + n % 4, n, 'ALIGNED', FALSE,
       (ARRAY['TO_DO', 'IN_PROGRESS', 'DONE', 'DONE', 'FAILED'])[1 + n % 5], 'create', 1, past, past
FROM due, generate_series(1, 30000) n;
INSERT INTO story_logs (id, story_id, type, content, created_at)
SELECT 'l' || n, 'st' || (1 + n % 12000), 'IMPLEMENTATION_PLAN', 'so', past FROM due, generate_series(1, 6000) n;

INSERT INTO sprint_runs (id, sprint_id, started_by_id, pr_strategy, started_at, finished_at, failure_reason,
    failed_task_id, previous_run_id, status, status_event, ledger_seq, created_at, updated_at)
SELECT 'r' || n, 's' || n, 'u' || (1 + n % 300), 'STORY', past, CASE WHEN n % 10 > 0 THEN past END,
       CASE WHEN n % 10 = 1 THEN 'no' END, CASE WHEN n % 10 = 1 THEN 'k' || n END,
       CASE WHEN n % 10 = 2 THEN 'r' || (n - 1) END,
       CASE n % 10 WHEN 0 THEN 'RUNNING' WHEN 1 THEN 'FAILED' ELSE 'DONE' END, 'create', 1,
       past + n * interval '1 minute', past
FROM due, generate_series(1, 3000) n;

-- Of 100 jobs 20 wait, a quarter of them behind others and a few for their time; 2 are held; the others have ended.
CREATE TEMP TABLE job AS SELECT n, 'j' || n AS id,
    CASE WHEN n % 100 < 20 THEN 'QUEUED' WHEN n % 100 = 20 THEN 'CLAIMED' WHEN n % 100 = 21 THEN 'RUNNING'
         WHEN n % 100 < 90 THEN 'DONE' WHEN n % 100 < 95 THEN 'FAILED' ELSE 'CANCELLED' END AS status
FROM generate_series(1, 30000) n;
INSERT INTO claude_jobs (id, user_id, product_id, task_id, sprint_run_id, sprint_sequence, kind, branch, repo_url, ready,
    waiting, not_before, attempt, claimed_by_token_id, worker_instance_id, lease_until, claimed_at, started_at, finished_at,
    plan_snapshot, verify_required_snapshot, verify_only_snapshot, verify_result, verified_sha, verified_at, head_sha,
    pushed_at, end_cause, caused_by, status, status_event, ledger_seq, created_at, updated_at, repo_key)
SELECT id, 'u' || (1 + n % 300), 'p' || (1 + n % 600), 'k' || n, CASE WHEN n % 5 > 0 THEN 'r' || (1 + n % 3000) END, n % 10,
       'TASK_IMPLEMENTATION', 'feat/' || (n % 4), 'https://example.org/' || (n % 600), n % 4 > 0,
       status = 'QUEUED' AND n % 19 = 0, CASE WHEN status = 'QUEUED' THEN past END,
       CASE WHEN status = 'QUEUED' THEN 0 ELSE 1 END,
       CASE WHEN status IN ('CLAIMED', 'RUNNING') THEN 't' || (1 + n % 600) END,
       CASE WHEN status IN ('CLAIMED', 'RUNNING') THEN 'w' END,
       CASE WHEN status IN ('CLAIMED', 'RUNNING') THEN past + n * interval '1 second' END,
       CASE WHEN status NOT IN ('QUEUED', 'CANCELLED') THEN past END,
       CASE WHEN status IN ('RUNNING', 'DONE', 'FAILED') THEN past END,
       CASE WHEN status IN ('DONE', 'FAILED', 'CANCELLED') THEN past END,
       CASE WHEN status NOT IN ('QUEUED', 'CANCELLED') THEN 'change a.rs' END,
       CASE WHEN status NOT IN ('QUEUED', 'CANCELLED') THEN 'ALIGNED' END,
       CASE WHEN status NOT IN ('QUEUED', 'CANCELLED') THEN FALSE END,
       CASE WHEN status = 'DONE' THEN 'ALIGNED' END, CASE WHEN status = 'DONE' THEN 'c' END,
       CASE WHEN status = 'DONE' THEN past END, CASE WHEN status = 'DONE' THEN 'c' END,
       CASE WHEN status = 'DONE' THEN past END,
       CASE status WHEN 'DONE' THEN 'finished' WHEN 'FAILED' THEN 'reported' WHEN 'CANCELLED' THEN 'cascade' END,
       CASE status WHEN 'CANCELLED' THEN 'j' || (n - 5) END,
       status, 'create', 1, past + n * interval '1 second', past, 'example.org/' || n
FROM due, job;
INSERT INTO attempts (job_id, number, token_id, worker_instance_id, host, plan_snapshot, verify_required_snapshot,
    verify_only_snapshot, claimed_at, ended_at, status, status_event, ledger_seq, updated_at)
SELECT id, 1, 't' || (1 + n % 600), 'w', 'here', 'change a.rs', 'ALIGNED', FALSE, past,
       CASE WHEN status NOT IN ('CLAIMED', 'RUNNING') THEN past END,
       CASE status WHEN 'DONE' THEN 'FINISHED' WHEN 'FAILED' THEN 'FAILED' ELSE 'HELD' END, 'create', 1, past
FROM due, job WHERE status NOT IN ('QUEUED', 'CANCELLED');
INSERT INTO sent_commits (repo_url, branch, commit_sha, job_id, attempt, sent_at)
SELECT 'https://example.org/' || (n % 600), 'feat/' || (n % 4), 'c' || n, id, 1, past FROM due, job WHERE status = 'DONE';
INSERT INTO salvages (job_id, attempt, repo_url, ref, commit_sha, kind, paths, salvaged_at, pruned_at)
SELECT id, 1, 'https://example.org/' || (n % 600), 'refs/salvage/' || id || '/1', 'c', 'CHANGES', 1,
       past + n * interval '1 second', CASE WHEN n % 10 > 0 THEN future END
FROM due, job WHERE status IN ('DONE', 'FAILED');
INSERT INTO sprint_task_executions (id, sprint_job_id, task_id, "order", plan_snapshot, verify_required_snapshot,
    verify_only_snapshot, status, status_event, ledger_seq, created_at, updated_at)
SELECT 'e' || n, 'j' || (n / 10), 'k' || n, n % 10, 'change a.rs', 'ALIGNED', FALSE, 'PENDING', 'create', 1, past, past
FROM due, generate_series(1, 10000) n;
INSERT INTO worktrees (job_id, attempt, locks, lease_until, finished_at, status, status_event, ledger_seq, created_at,
    updated_at)
SELECT id, 1, CASE WHEN status = 'RUNNING' THEN '[1]' ELSE '[]' END::jsonb, CASE WHEN status = 'RUNNING' THEN past END,
       CASE WHEN status <> 'RUNNING' THEN past END, CASE WHEN status = 'RUNNING' THEN 'READY' ELSE 'RELEASED' END, 'create',
       1, past, past
FROM due, job WHERE status NOT IN ('QUEUED', 'CANCELLED', 'CLAIMED');
INSERT INTO worktree_locks (name, job_id, attempt, expires_at)
SELECT 'lock ' || n, id, 1, past + n * interval '1 second' FROM due, job WHERE status IN ('RUNNING', 'FAILED');

INSERT INTO ideas (id, user_id, product_id, code, title, pbi_id, job_id, status, status_event, ledger_seq, created_at,
    updated_at, grill_md, plan_md)
SELECT 'i' || n, 'u' || (1 + n % 300), 'p' || (1 + n % 600), 'IDEA-' || n, 'idea',
       CASE WHEN n % 3 = 0 THEN 'b' || n END, CASE WHEN n % 3 = 1 THEN 'j' || n END,
       CASE n % 3 WHEN 0 THEN 'PLANNED' WHEN 1 THEN 'GRILLED' ELSE 'DRAFT' END, 'create', 1,
       past, past, CASE WHEN n % 3 < 2 THEN 'answers' END, CASE WHEN n % 3 = 0 THEN 'a plan' END
FROM due, generate_series(1, 6000) n;
INSERT INTO idea_logs (id, idea_id, type, content, created_at)
SELECT 'l' || n, 'i' || (1 + n % 6000), 'NOTE', 'so', past FROM due, generate_series(1, 6000) n;
INSERT INTO user_questions (id, idea_id, user_id, question, created_at, updated_at)
SELECT 'q' || n, 'i' || (1 + n % 6000), 'u1', 'why?', past, past FROM due, generate_series(1, 6000) n;
INSERT INTO claude_questions (id, product_id, story_id, asked_by, question, expires_at, status, status_event, ledger_seq,
    created_at, updated_at)
SELECT 'q' || n, 'p' || (1 + n % 600), 'st' || n, 'u' || (1 + n % 300), 'which?', future,
       CASE WHEN n % 20 = 0 THEN 'open' ELSE 'closed' END, 'create', 1, past, past
FROM due, generate_series(1, 6000) n;
INSERT INTO pull_requests (id, product_id, sprint_run_id, story_id, repo_url, repo_key, branch, pr_strategy, head_sha, pr_url,
    draft, finished_at, status, status_event, ledger_seq, created_at, updated_at, poll_host, poll_at)
SELECT 'm' || n, 'p' || (1 + n % 600), 'r' || (1 + n % 3000), 'st' || n, 'https://example.org/' || (n % 600),
       'example.org/' || (n % 600), 'feat/' || (n / 600), 'STORY', 'c', CASE WHEN n % 10 > 0 THEN 'https://example.org/p' END,
       CASE WHEN n % 10 > 0 THEN FALSE END, CASE WHEN n % 10 > 0 THEN past END,
       CASE WHEN n % 10 > 0 THEN 'MERGED' ELSE 'BRANCH_PUSHED' END, 'create', 1, past, past,
       'f' || (n % 3), past + n * interval '1 second'
FROM due, generate_series(1, 6000) n;
INSERT INTO claude_workers (user_id, token_id, instance_id, started_at, last_seen_at, absent_since, absent_how, status,
    status_event, ledger_seq, created_at, updated_at)
SELECT 'u' || (1 + n % 300), 't' || (1 + n % 600), 'w' || n, past, past + n * interval '1 second',
       CASE WHEN n % 10 > 0 THEN past END, CASE WHEN n % 10 > 0 THEN 'pruned' END,
       CASE WHEN n % 10 > 0 THEN 'ABSENT' ELSE 'PRESENT' END, 'create', 1, past, past
FROM due, generate_series(1, 6000) n;
INSERT INTO effects (id, kind, product_id, job_id, payload, tries, tries_max, due_at, holder, lease_until, finished_at,
    gave_up_why, dismissed_by, dismiss_reason, status, status_event, ledger_seq, created_at, updated_at)
SELECT 'x' || n, 'open_pr', 'p' || (1 + n % 600), 'j' || n, '{}', CASE WHEN n % 100 = 1 THEN 0 ELSE 1 END, 9,
       CASE WHEN n % 100 = 1 THEN past + n * interval '1 second' END, CASE WHEN n % 100 = 2 THEN 'h' END,
       CASE WHEN n % 100 = 2 THEN past END, CASE WHEN n % 100 NOT IN (1, 2) THEN past END,
       CASE WHEN n % 100 = 3 THEN 'dismissed' END, CASE WHEN n % 100 = 3 THEN 'u1' END,
       CASE WHEN n % 100 = 3 THEN 'not needed' END,
       CASE n % 100 WHEN 1 THEN 'PENDING' WHEN 2 THEN 'RUNNING' WHEN 3 THEN 'GAVE_UP' ELSE 'DONE' END, 'create', 1, past, past
FROM due, generate_series(1, 10000) n;

INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, at, facts, prev_hash,
    hash)
SELECT (ARRAY['job', 'attempt', 'task'])[1 + n % 3], 'j' || (n / 3), 1, NULL, 'create', 'QUEUED', 'system', 'system', past,
       '{}', zeros, lpad(CAST(n AS text), 64, '0')
FROM due, generate_series(1, 30000) n;
INSERT INTO ledger_checkpoints (number, at, upto_seq, row_count, root, marks, prev_hash, hash)
SELECT n, past, n * 10, 1, zeros, '00000000', zeros, zeros FROM due, generate_series(1, 2000) n;
INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, to_status, user_id, product_id, payload)
SELECT n / 3, past, 'job', (ARRAY['job', 'attempt', 'task'])[1 + n % 3], 'j' || (n / 3), 1, 'create', 'QUEUED',
       'u' || (1 + n % 300), 'p' || (1 + n % 600), '{}'
FROM due, generate_series(1, 30000) n;
INSERT INTO outbox_consumers (name, place_xid, place_seq, seen_at, created_at)
SELECT 'consumer ' || n, n, n, past, past FROM due, generate_series(1, 2000) n;
INSERT INTO model_prices (model_id, input_price_per_1m, output_price_per_1m, cache_read_price_per_1m,
    cache_write_price_per_1m, created_at, updated_at)
SELECT 'model ' || n, 1, 1, 1, 1, past, past FROM due, generate_series(1, 2000) n;

SET session_replication_role = DEFAULT;
VACUUM ANALYZE;
