-- People, beside their name: roles, settings, notes to themselves. What a product's agents are run with, and what they
-- cost. What only describes a row goes with it (CASCADE); what has a history is never deleted, and refuses it.

ALTER TABLE users ADD COLUMN email text CONSTRAINT email_is_short CHECK (length(email) BETWEEN 3 AND 320);
-- The product that the person works on, where nobody names one.
ALTER TABLE users ADD COLUMN active_product_id text COLLATE "C" REFERENCES products (id) ON DELETE SET NULL;
-- The last number given to an idea's code; never given twice.
ALTER TABLE users ADD COLUMN idea_code_counter bigint NOT NULL DEFAULT 0
    CONSTRAINT idea_counter_is_not_negative CHECK (idea_code_counter >= 0);
-- Workers take no job while they have less than this left of their quota, in percent.
ALTER TABLE users ADD COLUMN min_quota_pct bigint NOT NULL DEFAULT 20
    CONSTRAINT min_quota_in_range CHECK (min_quota_pct BETWEEN 0 AND 100);
ALTER TABLE users ADD COLUMN settings jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT settings_are_an_object CHECK (jsonb_typeof(settings) = 'object');
ALTER TABLE users ADD COLUMN updated_at timestamptz NOT NULL DEFAULT 'epoch';
UPDATE users SET updated_at = created_at;
CREATE UNIQUE INDEX one_user_per_email ON users (email) WHERE email IS NOT NULL;

CREATE TABLE user_roles (
    user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role text NOT NULL,
    PRIMARY KEY (user_id, role),
    CONSTRAINT role_is_known CHECK (role IN ('PRODUCT_OWNER', 'SCRUM_MASTER', 'DEVELOPER', 'ADMIN'))
);

ALTER TABLE products ADD COLUMN auto_pr boolean NOT NULL DEFAULT FALSE;
ALTER TABLE products ADD COLUMN preferred_model text
    CONSTRAINT preferred_model_is_short CHECK (length(preferred_model) BETWEEN 1 AND 200);
ALTER TABLE products ADD COLUMN thinking_budget_default bigint
    CONSTRAINT thinking_budget_is_not_negative CHECK (thinking_budget_default >= 0);
ALTER TABLE products ADD COLUMN preferred_permission_mode text
    CONSTRAINT permission_mode_is_known
        CHECK (preferred_permission_mode IN ('plan', 'default', 'acceptEdits', 'bypassPermissions'));
ALTER TABLE products ADD COLUMN updated_at timestamptz NOT NULL DEFAULT 'epoch';
UPDATE products SET updated_at = created_at;

ALTER TABLE product_members
    DROP CONSTRAINT product_members_product_id_fkey,
    DROP CONSTRAINT product_members_user_id_fkey,
    ADD FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;

CREATE TABLE todos (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    product_id text COLLATE "C" REFERENCES products (id) ON DELETE SET NULL,
    title text NOT NULL,
    description text,
    done boolean NOT NULL DEFAULT FALSE,
    archived boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT title_has_text CHECK (length(title) >= 1),
    CONSTRAINT description_is_short CHECK (length(description) <= 2000)
);

-- What a million tokens of a model cost, to the millionth.
CREATE TABLE model_prices (
    model_id text COLLATE "C" NOT NULL PRIMARY KEY,
    input_price_per_1m numeric(12, 6) NOT NULL,
    output_price_per_1m numeric(12, 6) NOT NULL,
    cache_read_price_per_1m numeric(12, 6) NOT NULL,
    cache_write_price_per_1m numeric(12, 6) NOT NULL,
    currency text NOT NULL DEFAULT 'USD',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT model_is_short CHECK (length(model_id) BETWEEN 1 AND 200),
    CONSTRAINT prices_in_range CHECK (
        input_price_per_1m BETWEEN 0 AND 999999 AND output_price_per_1m BETWEEN 0 AND 999999
        AND cache_read_price_per_1m BETWEEN 0 AND 999999 AND cache_write_price_per_1m BETWEEN 0 AND 999999),
    CONSTRAINT currency_is_a_code CHECK (length(currency) = 3)
);
