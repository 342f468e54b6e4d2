-- People, tokens, products and the backlog. Times are milliseconds since 1970 in UTC.
-- Every table with a `status` is a machine: 0003 lets its status move along the law only.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    is_demo INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    CONSTRAINT username_has_text CHECK (length(username) BETWEEN 1 AND 100),
    CONSTRAINT is_demo_is_boolean CHECK (is_demo IN (0, 1))
) STRICT;

CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    token_hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    label TEXT,
    scope_job TEXT REFERENCES claude_jobs (id),
    scope_attempt INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    CONSTRAINT token_hash_is_sha256 CHECK (length(token_hash) = 64),
    CONSTRAINT token_kind_is_known CHECK (kind IN ('IMPLEMENTATION', 'PLANNING', 'WORKERS_UI', 'ATTEMPT')),
    CONSTRAINT attempt_token_iff_scoped CHECK ((kind = 'ATTEMPT') = (scope_job IS NOT NULL)),
    CONSTRAINT scope_is_whole CHECK ((scope_job IS NULL) = (scope_attempt IS NULL))
) STRICT;
CREATE INDEX api_tokens_of_user ON api_tokens (user_id);
CREATE INDEX api_tokens_of_attempt ON api_tokens (scope_job, scope_attempt) WHERE scope_job IS NOT NULL;

CREATE TABLE requests (
    token_id TEXT NOT NULL REFERENCES api_tokens (id),
    request_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    response TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, request_id),
    CONSTRAINT request_id_is_short CHECK (length(request_id) BETWEEN 1 AND 200)
) STRICT, WITHOUT ROWID;

CREATE TABLE products (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    code TEXT,
    description TEXT,
    repo_url TEXT,
    definition_of_done TEXT NOT NULL,
    pr_strategy TEXT NOT NULL,
    cascade_on_infrastructure INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    UNIQUE (user_id, name),
    UNIQUE (user_id, code),
    CONSTRAINT product_name_has_text CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT product_code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT pr_strategy_is_known CHECK (pr_strategy IN ('SPRINT', 'STORY', 'SPRINT_BATCH')),
    CONSTRAINT cascade_is_boolean CHECK (cascade_on_infrastructure IN (0, 1)),
    CONSTRAINT archived_is_boolean CHECK (archived IN (0, 1))
) STRICT;

CREATE TABLE product_members (
    product_id TEXT NOT NULL REFERENCES products (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (product_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_members_of_user ON product_members (user_id, product_id);

-- The last number given to a code; never given twice.
CREATE TABLE counters (
    product_id TEXT NOT NULL REFERENCES products (id),
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (product_id, kind),
    CONSTRAINT counter_kind_is_known CHECK (kind IN ('pbi', 'story', 'task', 'sprint')),
    CONSTRAINT counter_is_positive CHECK (n > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE pbis (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    priority INTEGER NOT NULL,
    sort_order REAL NOT NULL,
    status TEXT NOT NULL,
    status_event TEXT NOT NULL,
    ledger_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT title_is_short CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT priority_in_range CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT status_is_known CHECK (status IN ('READY', 'BLOCKED', 'FAILED', 'DONE'))
) STRICT;
CREATE INDEX pbis_in_order ON pbis (product_id, priority, sort_order);

CREATE TABLE sprints (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    code TEXT NOT NULL,
    sprint_goal TEXT NOT NULL,
    status TEXT NOT NULL,
    status_event TEXT NOT NULL,
    ledger_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT status_is_known CHECK (status IN ('OPEN', 'CLOSED', 'ARCHIVED', 'FAILED'))
) STRICT;
CREATE INDEX sprints_by_age ON sprints (product_id, created_at, id);
CREATE INDEX sprints_open ON sprints (product_id, created_at, id) WHERE status = 'OPEN';

CREATE TABLE stories (
    id TEXT NOT NULL PRIMARY KEY,
    pbi_id TEXT NOT NULL REFERENCES pbis (id),
    product_id TEXT NOT NULL REFERENCES products (id),
    sprint_id TEXT REFERENCES sprints (id),
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    acceptance_criteria TEXT,
    priority INTEGER NOT NULL,
    sort_order REAL NOT NULL,
    status TEXT NOT NULL,
    status_event TEXT NOT NULL,
    ledger_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT title_is_short CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT priority_in_range CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT status_is_known CHECK (status IN ('OPEN', 'IN_SPRINT', 'DONE', 'FAILED'))
) STRICT;
CREATE INDEX stories_of_pbi ON stories (pbi_id, priority, sort_order);
CREATE INDEX stories_of_sprint ON stories (sprint_id, priority, sort_order, created_at, id);

CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    story_id TEXT NOT NULL REFERENCES stories (id),
    product_id TEXT NOT NULL REFERENCES products (id),
    sprint_id TEXT REFERENCES sprints (id),
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    implementation_plan TEXT,
    priority INTEGER NOT NULL,
    sort_order REAL NOT NULL,
    repo_url TEXT,
    verify_required TEXT NOT NULL,
    verify_only INTEGER NOT NULL,
    status TEXT NOT NULL,
    status_event TEXT NOT NULL,
    ledger_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT title_is_short CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT priority_in_range CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT verify_required_is_known CHECK (verify_required IN ('ALIGNED', 'ALIGNED_OR_PARTIAL', 'ANY')),
    CONSTRAINT verify_only_is_boolean CHECK (verify_only IN (0, 1)),
    CONSTRAINT status_is_known
        CHECK (status IN ('TO_DO', 'IN_PROGRESS', 'REVIEW', 'DONE', 'FAILED', 'EXCLUDED'))
) STRICT;
CREATE INDEX tasks_of_sprint ON tasks (sprint_id) WHERE sprint_id IS NOT NULL;
CREATE INDEX tasks_of_story ON tasks (story_id, priority, sort_order, created_at, id);
