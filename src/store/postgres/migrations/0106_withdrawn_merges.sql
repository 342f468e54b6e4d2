-- What a forge was asked to merge is withdrawn when the story is worked on again.

DROP TRIGGER transition_rules_fixed ON transition_rules;

INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES
    ('pull_request', 'WAITING_FOR_CHECKS', 'withdraw', 'PR_OPENED'),
    ('pull_request', 'AUTO_MERGE_ENABLED', 'withdraw', 'PR_OPENED'),
    ('pull_request', 'CHECKS_FAILED',      'withdraw', 'PR_OPENED');

CREATE TRIGGER transition_rules_fixed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON transition_rules
    EXECUTE FUNCTION refuse('the law is changed by migrations only');
