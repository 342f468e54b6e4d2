-- What makes two effects the same one: who adds it again, in another cascade or after a crash, adds nothing.

ALTER TABLE effects ADD COLUMN effect_key TEXT
    CONSTRAINT key_is_short CHECK (length(effect_key) BETWEEN 1 AND 400);
CREATE UNIQUE INDEX effects_once ON effects (effect_key) WHERE effect_key IS NOT NULL;

DROP TRIGGER effects_frozen;
CREATE TRIGGER effects_frozen BEFORE UPDATE OF kind, product_id, job_id, payload, host, lane, place, effect_key,
    created_at ON effects
BEGIN SELECT RAISE(ABORT, 'effect: what is to be done never changes'); END;
