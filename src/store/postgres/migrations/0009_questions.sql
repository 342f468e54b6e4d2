-- What agents ask people, and the answers.

CREATE TABLE claude_questions (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    story_id text COLLATE "C" REFERENCES stories (id),
    task_id text COLLATE "C" REFERENCES tasks (id),
    idea_id text COLLATE "C" REFERENCES ideas (id),
    -- The run that waits for the answer, when a pull request of it does not merge.
    sprint_run_id text COLLATE "C" REFERENCES sprint_runs (id),
    asked_by text COLLATE "C" NOT NULL REFERENCES users (id),
    question text NOT NULL,
    -- The answers to choose from, an array of texts; absent when the answer is free.
    options jsonb,
    expires_at timestamptz NOT NULL,
    answer text,
    answered_by text COLLATE "C" REFERENCES users (id),
    answered_at timestamptz,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT asked_about_one_thing
        CHECK (num_nonnulls(story_id, idea_id, sprint_run_id) = 1),
    CONSTRAINT task_needs_story CHECK (task_id IS NULL OR story_id IS NOT NULL),
    CONSTRAINT question_is_short CHECK (length(question) BETWEEN 1 AND 4000),
    CONSTRAINT options_are_an_array CHECK (
        CASE jsonb_typeof(options) WHEN 'array' THEN jsonb_array_length(options) BETWEEN 1 AND 8
                                   ELSE options IS NULL END),
    CONSTRAINT status_is_known CHECK (status IN ('open', 'answered', 'cancelled', 'expired', 'closed')),
    CONSTRAINT answered_iff_answer CHECK ((status = 'answered') = (answer IS NOT NULL)),
    CONSTRAINT answer_is_whole CHECK (
        (answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)),
    CONSTRAINT answer_has_text CHECK (answer <> ''),
    CONSTRAINT answered_in_time CHECK (answered_at <= expires_at)
);
-- Open questions: those that a person of the product sees, and those whose time is over.
CREATE INDEX claude_questions_open ON claude_questions (product_id, expires_at, id) WHERE status = 'open';
CREATE INDEX claude_questions_due ON claude_questions (expires_at, id) WHERE status = 'open';
CREATE INDEX claude_questions_of_story ON claude_questions (story_id, status) WHERE story_id IS NOT NULL;
CREATE INDEX claude_questions_of_task ON claude_questions (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX claude_questions_of_idea ON claude_questions (idea_id, status) WHERE idea_id IS NOT NULL;
CREATE INDEX claude_questions_of_run ON claude_questions (sprint_run_id) WHERE sprint_run_id IS NOT NULL;
CREATE INDEX claude_questions_of_asker ON claude_questions (asked_by, created_at, id)
    WHERE status IN ('open', 'answered');
-- A run waits for one answer at a time.
CREATE UNIQUE INDEX one_open_question_per_run ON claude_questions (sprint_run_id)
    WHERE status = 'open' AND sprint_run_id IS NOT NULL;
