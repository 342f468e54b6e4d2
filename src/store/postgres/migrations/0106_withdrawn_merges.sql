-- What a forge was asked to merge is withdrawn when the story is worked on again.

DROP TRIGGER transition_rules_fixed ON transition_rules;

INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES
    ('pull_request', 'WAITING_FOR_CHECKS', 'withdraw', 'PR_OPENED'),
    ('pull_request', 'AUTO_MERGE_ENABLED', 'withdraw', 'PR_OPENED'),
    ('pull_request', 'CHECKS_FAILED',      'withdraw', 'PR_OPENED');

CREATE TRIGGER transition_rules_fixed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON transition_rules
    EXECUTE FUNCTION refuse('the law is changed by migrations only');

-- The last commit of what was merged, where the forge shows it.
ALTER TABLE pull_requests ADD COLUMN merged_head_sha text COLLATE "C"
    CONSTRAINT merged_head_needs_merged CHECK (merged_head_sha IS NULL OR status = 'MERGED');
