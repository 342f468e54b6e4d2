-- What a forge was asked to merge is withdrawn when the story is worked on again.

DROP TRIGGER transition_rules_no_insert;

INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES
    ('pull_request', 'WAITING_FOR_CHECKS', 'withdraw', 'PR_OPENED'),
    ('pull_request', 'AUTO_MERGE_ENABLED', 'withdraw', 'PR_OPENED'),
    ('pull_request', 'CHECKS_FAILED',      'withdraw', 'PR_OPENED');

CREATE TRIGGER transition_rules_no_insert BEFORE INSERT ON transition_rules
BEGIN SELECT RAISE(ABORT, 'the law is changed by migrations only'); END;

-- The last commit of what was merged, where the forge shows it.
ALTER TABLE pull_requests ADD COLUMN merged_head_sha TEXT
    CONSTRAINT merged_head_needs_merged CHECK (merged_head_sha IS NULL OR status = 'MERGED');
