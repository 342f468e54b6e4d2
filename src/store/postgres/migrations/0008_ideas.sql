-- Ideas, from a title to the backlog item that their plan becomes.

CREATE TABLE ideas (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id),
    product_id text COLLATE "C" REFERENCES products (id),
    code text COLLATE "C" NOT NULL,
    title text NOT NULL,
    description text,
    archived boolean NOT NULL DEFAULT FALSE,
    -- The job that works on it, or wrote what is true of it and may correct that.
    job_id text COLLATE "C" REFERENCES claude_jobs (id),
    -- Where it goes back to when that job stops without a result.
    status_before_job text,
    grill_md text,
    plan_md text,
    plan_review_log json,
    reviewed_at timestamptz,
    pbi_id text COLLATE "C" UNIQUE REFERENCES pbis (id),
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (user_id, code),
    CONSTRAINT code_is_short CHECK (length(code) BETWEEN 1 AND 30),
    CONSTRAINT title_is_short CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT description_is_short CHECK (length(description) <= 4000),
    CONSTRAINT texts_are_short
        CHECK (length(coalesce(grill_md, 'x')) BETWEEN 1 AND 64000 AND length(coalesce(plan_md, 'x')) BETWEEN 1 AND 64000),
    CONSTRAINT review_is_whole CHECK ((plan_review_log IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT status_is_known
        CHECK (status IN ('DRAFT', 'GRILLING', 'GRILL_FAILED', 'GRILLED', 'PLANNING', 'PLAN_FAILED', 'PLAN_READY',
                          'REVIEWING_PLAN', 'PLAN_REVIEW_FAILED', 'PLAN_REVIEWED', 'PLANNED')),
    CONSTRAINT at_work_iff_before CHECK (
        (status IN ('GRILLING', 'PLANNING', 'REVIEWING_PLAN')) = (status_before_job IS NOT NULL)),
    CONSTRAINT before_fits_status CHECK (
        CASE status
            WHEN 'GRILLING' THEN status_before_job IN ('DRAFT', 'GRILL_FAILED', 'GRILLED', 'PLAN_READY')
            WHEN 'PLANNING' THEN status_before_job IN ('GRILLED', 'PLAN_FAILED', 'PLAN_READY', 'PLAN_REVIEW_FAILED')
            WHEN 'REVIEWING_PLAN'
                THEN status_before_job IN ('PLAN_READY', 'PLAN_REVIEWED', 'PLAN_REVIEW_FAILED')
            ELSE TRUE END),
    CONSTRAINT at_work_has_job CHECK (status_before_job IS NULL OR job_id IS NOT NULL),
    CONSTRAINT unanswered_has_no_job CHECK (status NOT IN ('DRAFT', 'GRILL_FAILED', 'PLANNED') OR job_id IS NULL),
    CONSTRAINT planned_iff_pbi CHECK ((status = 'PLANNED') = (pbi_id IS NOT NULL)),
    -- A job that works leaves the texts as they were before it, so that these read the status before it.
    CONSTRAINT draft_has_no_texts
        CHECK (coalesce(status_before_job, status) <> 'DRAFT' OR coalesce(grill_md, plan_md) IS NULL),
    CONSTRAINT grilled_has_answers
        CHECK (coalesce(status_before_job, status) IN ('DRAFT', 'GRILL_FAILED') OR grill_md IS NOT NULL),
    CONSTRAINT plan_needs_answers CHECK (plan_md IS NULL OR grill_md IS NOT NULL),
    CONSTRAINT ready_has_plan CHECK (
        coalesce(status_before_job, status) NOT IN ('PLAN_READY', 'PLAN_REVIEW_FAILED', 'PLAN_REVIEWED', 'PLANNED')
        OR plan_md IS NOT NULL),
    CONSTRAINT review_is_of_a_plan CHECK (
        plan_review_log IS NULL
        OR plan_md IS NOT NULL AND coalesce(status_before_job, status)
            IN ('PLAN_FAILED', 'PLAN_REVIEW_FAILED', 'PLAN_REVIEWED', 'PLANNED')),
    CONSTRAINT reviewed_has_review
        CHECK (coalesce(status_before_job, status) <> 'PLAN_REVIEWED' OR plan_review_log IS NOT NULL),
    CONSTRAINT author_wrote_something CHECK (
        job_id IS NULL
        OR CASE status WHEN 'PLAN_FAILED' THEN plan_md IS NOT NULL AND plan_review_log IS NULL
                       WHEN 'PLAN_REVIEW_FAILED' THEN plan_review_log IS NOT NULL ELSE TRUE END)
);
CREATE INDEX ideas_of_user ON ideas (user_id, archived, created_at, id);
CREATE INDEX ideas_of_product ON ideas (product_id, created_at, id) WHERE product_id IS NOT NULL;
-- A job works on one idea.
CREATE UNIQUE INDEX one_idea_per_job ON ideas (job_id) WHERE job_id IS NOT NULL;
