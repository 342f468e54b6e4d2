-- What is written down of an idea: the other products it touches, its log, and what its owner asks the agent.

CREATE TABLE idea_products (
    idea_id TEXT NOT NULL REFERENCES ideas (id) ON DELETE CASCADE,
    product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (idea_id, product_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idea_logs (
    id TEXT NOT NULL PRIMARY KEY,
    idea_id TEXT NOT NULL REFERENCES ideas (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    content TEXT NOT NULL,
    metadata TEXT,
    created_at INTEGER NOT NULL,
    CONSTRAINT type_is_known CHECK (type IN ('DECISION', 'NOTE', 'GRILL_RESULT', 'PLAN_RESULT', 'PLAN_REVIEW_RESULT',
                                             'STATUS_CHANGE', 'JOB_EVENT')),
    CONSTRAINT content_is_short CHECK (length(content) BETWEEN 1 AND 4000),
    CONSTRAINT metadata_is_an_object CHECK (
        metadata IS NULL OR json_valid(metadata) AND json_type(metadata) = 'object')
) STRICT;
CREATE INDEX idea_logs_of_idea ON idea_logs (idea_id, created_at, id);

CREATE TABLE user_questions (
    id TEXT NOT NULL PRIMARY KEY,
    idea_id TEXT NOT NULL REFERENCES ideas (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    answer TEXT,
    status TEXT NOT NULL DEFAULT 'pending',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT question_has_text CHECK (length(question) >= 1),
    CONSTRAINT status_is_known CHECK (status IN ('pending', 'answered')),
    CONSTRAINT answered_iff_answer CHECK ((status = 'answered') = (answer IS NOT NULL))
) STRICT;
CREATE INDEX user_questions_of_idea ON user_questions (idea_id, status);
