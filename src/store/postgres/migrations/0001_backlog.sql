-- People, tokens, products and the backlog. Times are kept to the millisecond, in UTC.
-- Every table with a `status` is a machine: 0003 lets its status move along the law only.

CREATE TABLE users (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    username text NOT NULL UNIQUE,
    is_demo boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL,
    CONSTRAINT username_has_text CHECK (length(username) BETWEEN 1 AND 100)
);

CREATE TABLE api_tokens (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id),
    token_hash text NOT NULL UNIQUE,
    kind text NOT NULL,
    label text,
    scope_job text COLLATE "C",
    scope_attempt bigint,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT token_hash_is_sha256 CHECK (length(token_hash) = 64),
    CONSTRAINT token_kind_is_known CHECK (kind IN ('IMPLEMENTATION', 'PLANNING', 'WORKERS_UI', 'ATTEMPT')),
    CONSTRAINT attempt_token_iff_scoped CHECK ((kind = 'ATTEMPT') = (scope_job IS NOT NULL)),
    CONSTRAINT scope_is_whole CHECK ((scope_job IS NULL) = (scope_attempt IS NULL))
);
CREATE INDEX api_tokens_of_user ON api_tokens (user_id);
CREATE INDEX api_tokens_of_attempt ON api_tokens (scope_job, scope_attempt) WHERE scope_job IS NOT NULL;

CREATE TABLE requests (
    token_id text COLLATE "C" NOT NULL REFERENCES api_tokens (id),
    request_id text COLLATE "C" NOT NULL,
    digest text NOT NULL,
    response text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (token_id, request_id),
    CONSTRAINT request_id_is_short CHECK (length(request_id) BETWEEN 1 AND 200)
);

CREATE TABLE products (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id),
    name text COLLATE "C" NOT NULL,
    code text COLLATE "C",
    description text,
    repo_url text COLLATE "C",
    definition_of_done text NOT NULL,
    pr_strategy text NOT NULL,
    cascade_on_infrastructure boolean NOT NULL DEFAULT FALSE,
    archived boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL,
    UNIQUE (user_id, name),
    UNIQUE (user_id, code),
    CONSTRAINT product_name_has_text CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT product_code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT pr_strategy_is_known CHECK (pr_strategy IN ('SPRINT', 'STORY', 'SPRINT_BATCH'))
);

CREATE TABLE product_members (
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    user_id text COLLATE "C" NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (product_id, user_id)
);
CREATE INDEX product_members_of_user ON product_members (user_id, product_id);

-- The last number given to a code; never given twice.
CREATE TABLE counters (
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    kind text NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (product_id, kind),
    CONSTRAINT counter_kind_is_known CHECK (kind IN ('pbi', 'story', 'task', 'sprint')),
    CONSTRAINT counter_is_positive CHECK (n > 0)
);

CREATE TABLE pbis (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    code text COLLATE "C" NOT NULL,
    title text NOT NULL,
    description text,
    priority bigint NOT NULL,
    sort_order double precision NOT NULL,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT title_is_short CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT priority_in_range CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT status_is_known CHECK (status IN ('READY', 'BLOCKED', 'FAILED', 'DONE'))
);
CREATE INDEX pbis_in_order ON pbis (product_id, priority, sort_order);

CREATE TABLE sprints (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    code text COLLATE "C" NOT NULL,
    sprint_goal text NOT NULL,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT status_is_known CHECK (status IN ('OPEN', 'CLOSED', 'ARCHIVED', 'FAILED'))
);
CREATE INDEX sprints_by_age ON sprints (product_id, created_at, id);
CREATE INDEX sprints_open ON sprints (product_id, created_at, id) WHERE status = 'OPEN';

CREATE TABLE stories (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    pbi_id text COLLATE "C" NOT NULL REFERENCES pbis (id),
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    sprint_id text COLLATE "C" REFERENCES sprints (id),
    code text COLLATE "C" NOT NULL,
    title text NOT NULL,
    description text,
    acceptance_criteria text,
    priority bigint NOT NULL,
    sort_order double precision NOT NULL,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT title_is_short CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT priority_in_range CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT status_is_known CHECK (status IN ('OPEN', 'IN_SPRINT', 'DONE', 'FAILED'))
);
CREATE INDEX stories_of_pbi ON stories (pbi_id, priority, sort_order);
CREATE INDEX stories_of_sprint ON stories (sprint_id, priority, sort_order, created_at, id);

CREATE TABLE tasks (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    story_id text COLLATE "C" NOT NULL REFERENCES stories (id),
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    sprint_id text COLLATE "C" REFERENCES sprints (id),
    code text COLLATE "C" NOT NULL,
    title text NOT NULL,
    description text,
    implementation_plan text,
    priority bigint NOT NULL,
    sort_order double precision NOT NULL,
    repo_url text COLLATE "C",
    verify_required text NOT NULL,
    verify_only boolean NOT NULL,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (product_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT title_is_short CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT priority_in_range CHECK (priority BETWEEN 1 AND 4),
    CONSTRAINT verify_required_is_known CHECK (verify_required IN ('ALIGNED', 'ALIGNED_OR_PARTIAL', 'ANY')),
    CONSTRAINT status_is_known
        CHECK (status IN ('TO_DO', 'IN_PROGRESS', 'REVIEW', 'DONE', 'FAILED', 'EXCLUDED'))
);
CREATE INDEX tasks_of_sprint ON tasks (sprint_id) WHERE sprint_id IS NOT NULL;
CREATE INDEX tasks_of_story ON tasks (story_id, priority, sort_order, created_at, id);
