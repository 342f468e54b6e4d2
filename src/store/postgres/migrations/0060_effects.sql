-- Effects as they are tried: where each can be done, which wait for which, and what the forge is asked for besides.

ALTER TABLE effects
    -- The one machine where it can be done; empty: any.
    ADD COLUMN host text COLLATE "C" NOT NULL DEFAULT '',
    -- Those of a lane are done one after the other, by their place in it.
    ADD COLUMN lane text COLLATE "C",
    ADD COLUMN place bigint,
    -- One before it in its lane is not over; its being given up is not over, unless a person dismissed it.
    ADD COLUMN behind boolean NOT NULL DEFAULT FALSE,
    DROP CONSTRAINT kind_is_known,
    ADD CONSTRAINT kind_is_known
        CHECK (kind IN ('open_pr', 'mark_ready', 'mark_draft', 'auto_merge', 'withdraw_auto_merge', 'close_pr', 'comment_pr',
                        'revert_pr', 'delete_branch', 'salvage', 'remove_worktree')),
    ADD CONSTRAINT payload_is_short CHECK (length(CAST(payload AS text)) <= 8000),
    ADD CONSTRAINT placed_iff_in_lane CHECK ((lane IS NULL) = (place IS NULL)),
    ADD CONSTRAINT behind_is_not_tried CHECK (NOT behind OR lane IS NOT NULL AND status IN ('PENDING', 'GAVE_UP'));

DROP INDEX effects_due;
DROP INDEX effects_held;
DROP INDEX effects_given_up;
-- The next to be tried, and those whose process is gone.
CREATE INDEX effects_due ON effects (kind, host, due_at, id) WHERE status IN ('PENDING', 'RETRY') AND NOT behind;
CREATE INDEX effects_held ON effects (lease_until, id) WHERE lease_until IS NOT NULL;
CREATE UNIQUE INDEX effects_lane ON effects (lane, place) WHERE lane IS NOT NULL;
-- Lists and counts for people.
CREATE INDEX effects_listed ON effects (status, id);
CREATE INDEX effects_open ON effects (status, kind, product_id, created_at) WHERE status <> 'DONE';

DROP TRIGGER effects_frozen ON effects;
CREATE TRIGGER effects_frozen BEFORE UPDATE OF kind, product_id, job_id, payload, host, lane, place,
    created_at ON effects
    FOR EACH ROW EXECUTE FUNCTION refuse('effect: what is to be done never changes');
