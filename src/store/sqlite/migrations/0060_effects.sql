-- Effects as they are tried: where each can be done, which wait for which, and what the forge is asked for besides. A
-- CHECK changes with its table only, so that the table is made anew.

CREATE TABLE effects_new (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    product_id TEXT NOT NULL REFERENCES products (id),
    job_id TEXT REFERENCES claude_jobs (id),
    -- What it is to be done to: ids and small fields.
    payload TEXT NOT NULL,
    -- The one machine where it can be done; empty: any.
    host TEXT NOT NULL DEFAULT '',
    -- Those of a lane are done one after the other, by their place in it.
    lane TEXT,
    place INTEGER,
    -- One before it in its lane is not over; its being given up is not over, unless a person dismissed it.
    behind INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL,
    tries_max INTEGER NOT NULL,
    due_at INTEGER,
    holder TEXT,
    lease_until INTEGER,
    last_error TEXT,
    finished_at INTEGER,
    gave_up_why TEXT,
    dismissed_by TEXT REFERENCES users (id),
    dismiss_reason TEXT,
    status TEXT NOT NULL,
    status_event TEXT NOT NULL,
    ledger_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT kind_is_known
        CHECK (kind IN ('open_pr', 'mark_ready', 'mark_draft', 'auto_merge', 'withdraw_auto_merge', 'close_pr', 'comment_pr',
                        'revert_pr', 'delete_branch', 'salvage', 'remove_worktree')),
    CONSTRAINT payload_is_an_object CHECK (json_valid(payload) AND json_type(payload) = 'object'),
    CONSTRAINT payload_is_short CHECK (length(payload) <= 8000),
    CONSTRAINT placed_iff_in_lane CHECK ((lane IS NULL) = (place IS NULL)),
    CONSTRAINT behind_is_boolean CHECK (behind IN (0, 1)),
    CONSTRAINT behind_is_not_tried CHECK (NOT behind OR lane IS NOT NULL AND status IN ('PENDING', 'GAVE_UP')),
    CONSTRAINT status_is_known CHECK (status IN ('PENDING', 'RUNNING', 'RETRY', 'DONE', 'GAVE_UP')),
    -- One that was tried has tried, and one that waits has a try left.
    CONSTRAINT tries_fit_status
        CHECK (tries BETWEEN (status IN ('RUNNING', 'RETRY', 'DONE')) AND tries_max - (status IN ('PENDING', 'RETRY'))),
    CONSTRAINT waits_iff_due CHECK ((status IN ('PENDING', 'RETRY')) = (due_at IS NOT NULL)),
    CONSTRAINT running_iff_held CHECK ((status = 'RUNNING') = (holder IS NOT NULL)),
    CONSTRAINT running_iff_leased CHECK ((status = 'RUNNING') = (lease_until IS NOT NULL)),
    CONSTRAINT ended_iff_finished CHECK ((status IN ('DONE', 'GAVE_UP')) = (finished_at IS NOT NULL)),
    CONSTRAINT gave_up_iff_why CHECK ((status = 'GAVE_UP') = (gave_up_why IS NOT NULL)),
    CONSTRAINT why_is_known CHECK (gave_up_why IN ('spent', 'refused', 'dismissed')),
    CONSTRAINT spent_is_the_last_try CHECK (gave_up_why IS NOT 'spent' OR tries = tries_max),
    CONSTRAINT error_needs_a_try CHECK (last_error IS NULL OR status IN ('RETRY', 'GAVE_UP') AND tries > 0),
    CONSTRAINT retry_has_error CHECK (status <> 'RETRY' OR last_error IS NOT NULL),
    CONSTRAINT failed_has_error CHECK (coalesce(gave_up_why, '') NOT IN ('spent', 'refused') OR last_error IS NOT NULL),
    CONSTRAINT error_is_short CHECK (length(last_error) <= 2000),
    CONSTRAINT dismissed_iff_by CHECK ((gave_up_why IS 'dismissed') = (dismissed_by IS NOT NULL)),
    CONSTRAINT dismissed_iff_reason CHECK ((gave_up_why IS 'dismissed') = (dismiss_reason IS NOT NULL))
) STRICT;
INSERT INTO effects_new (id, kind, product_id, job_id, payload, tries, tries_max, due_at, holder, lease_until, last_error,
    finished_at, gave_up_why, dismissed_by, dismiss_reason, status, status_event, ledger_seq, created_at, updated_at)
SELECT id, kind, product_id, job_id, payload, tries, tries_max, due_at, holder, lease_until, last_error,
    finished_at, gave_up_why, dismissed_by, dismiss_reason, status, status_event, ledger_seq, created_at, updated_at
FROM effects;
DROP TABLE effects;
ALTER TABLE effects_new RENAME TO effects;

-- The next to be tried, and those whose process is gone.
CREATE INDEX effects_due ON effects (kind, host, due_at, id) WHERE status IN ('PENDING', 'RETRY') AND NOT behind;
CREATE INDEX effects_held ON effects (lease_until, id) WHERE lease_until IS NOT NULL;
CREATE UNIQUE INDEX effects_lane ON effects (lane, place) WHERE lane IS NOT NULL;
-- Lists and counts for people.
CREATE INDEX effects_listed ON effects (status, id);
CREATE INDEX effects_open ON effects (status, kind, product_id, created_at) WHERE status <> 'DONE';
CREATE INDEX effects_of_job ON effects (job_id) WHERE job_id IS NOT NULL;

-- The guards of 0015 and 0018.
CREATE TRIGGER effects_born BEFORE INSERT ON effects
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: effects.id')
    WHERE EXISTS (SELECT 1 FROM effects WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'effect: is not born in this status')
    WHERE NEW.status NOT IN ('PENDING');
    SELECT RAISE(ABORT, 'effect: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'effect' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER effects_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON effects
BEGIN
    SELECT RAISE(ABORT, 'effect: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'effect: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'effect' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'effect: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'effect' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;
-- The number of its try fences an effect; it only grows, one start at a time.
CREATE TRIGGER effects_fence BEFORE UPDATE OF tries ON effects
WHEN NEW.tries <> OLD.tries + (NEW.status_event = 'start' AND NEW.ledger_seq > OLD.ledger_seq)
BEGIN SELECT RAISE(ABORT, 'effect: the number of tries grows by one with a start'); END;
CREATE TRIGGER effects_frozen BEFORE UPDATE OF kind, product_id, job_id, payload, host, lane, place,
    created_at ON effects
BEGIN SELECT RAISE(ABORT, 'effect: what is to be done never changes'); END;
