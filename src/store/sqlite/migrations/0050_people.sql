-- People, beside their name: roles, settings, notes to themselves. What a product's agents are run with, and what they
-- cost. What only describes a row goes with it (CASCADE); what has a history is never deleted, and refuses it.

ALTER TABLE users ADD COLUMN email TEXT CONSTRAINT email_is_short CHECK (length(email) BETWEEN 3 AND 320);
-- The product that the person works on, where nobody names one.
ALTER TABLE users ADD COLUMN active_product_id TEXT REFERENCES products (id) ON DELETE SET NULL;
-- The last number given to an idea's code; never given twice.
ALTER TABLE users ADD COLUMN idea_code_counter INTEGER NOT NULL DEFAULT 0
    CONSTRAINT idea_counter_is_not_negative CHECK (idea_code_counter >= 0);
-- Workers take no job while they have less than this left of their quota, in percent.
ALTER TABLE users ADD COLUMN min_quota_pct INTEGER NOT NULL DEFAULT 20
    CONSTRAINT min_quota_in_range CHECK (min_quota_pct BETWEEN 0 AND 100);
ALTER TABLE users ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'
    CONSTRAINT settings_are_an_object CHECK (json_valid(settings) AND json_type(settings) = 'object');
ALTER TABLE users ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE users SET updated_at = created_at;
CREATE UNIQUE INDEX one_user_per_email ON users (email) WHERE email IS NOT NULL;

CREATE TABLE user_roles (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, role),
    CONSTRAINT role_is_known CHECK (role IN ('PRODUCT_OWNER', 'SCRUM_MASTER', 'DEVELOPER', 'ADMIN'))
) STRICT, WITHOUT ROWID;

ALTER TABLE products ADD COLUMN auto_pr INTEGER NOT NULL DEFAULT 0
    CONSTRAINT auto_pr_is_boolean CHECK (auto_pr IN (0, 1));
ALTER TABLE products ADD COLUMN preferred_model TEXT
    CONSTRAINT preferred_model_is_short CHECK (length(preferred_model) BETWEEN 1 AND 200);
ALTER TABLE products ADD COLUMN thinking_budget_default INTEGER
    CONSTRAINT thinking_budget_is_not_negative CHECK (thinking_budget_default >= 0);
ALTER TABLE products ADD COLUMN preferred_permission_mode TEXT
    CONSTRAINT permission_mode_is_known
        CHECK (preferred_permission_mode IN ('plan', 'default', 'acceptEdits', 'bypassPermissions'));
ALTER TABLE products ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE products SET updated_at = created_at;

CREATE TABLE product_members_new (
    product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (product_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO product_members_new SELECT product_id, user_id, created_at FROM product_members;
DROP TABLE product_members;
ALTER TABLE product_members_new RENAME TO product_members;
CREATE INDEX product_members_of_user ON product_members (user_id, product_id);

CREATE TABLE todos (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    product_id TEXT REFERENCES products (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    description TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    archived INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT title_has_text CHECK (length(title) >= 1),
    CONSTRAINT description_is_short CHECK (length(description) <= 2000),
    CONSTRAINT done_is_boolean CHECK (done IN (0, 1)),
    CONSTRAINT archived_is_boolean CHECK (archived IN (0, 1))
) STRICT;

-- What a million tokens of a model cost, to the millionth.
CREATE TABLE model_prices (
    model_id TEXT NOT NULL PRIMARY KEY,
    input_price_per_1m REAL NOT NULL,
    output_price_per_1m REAL NOT NULL,
    cache_read_price_per_1m REAL NOT NULL,
    cache_write_price_per_1m REAL NOT NULL,
    currency TEXT NOT NULL DEFAULT 'USD',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT model_is_short CHECK (length(model_id) BETWEEN 1 AND 200),
    CONSTRAINT prices_in_range CHECK (
        input_price_per_1m BETWEEN 0 AND 999999 AND output_price_per_1m BETWEEN 0 AND 999999
        AND cache_read_price_per_1m BETWEEN 0 AND 999999 AND cache_write_price_per_1m BETWEEN 0 AND 999999),
    CONSTRAINT currency_is_a_code CHECK (length(currency) = 3)
) STRICT;
