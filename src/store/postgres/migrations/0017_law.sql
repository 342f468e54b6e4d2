-- A job that has ended has no further say over its idea, whatever it had answered before.

DROP TRIGGER transition_rules_fixed ON transition_rules;

INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES
    ('idea', 'GRILLED', 'stop', 'GRILLED'),
    ('idea', 'PLAN_READY', 'stop', 'PLAN_READY'),
    ('idea', 'PLAN_FAILED', 'fail_plan', 'PLAN_FAILED'),
    ('idea', 'PLAN_FAILED', 'stop', 'PLAN_FAILED'),
    ('idea', 'PLAN_REVIEWED', 'stop', 'PLAN_REVIEWED'),
    ('idea', 'PLAN_REVIEW_FAILED', 'fail_review', 'PLAN_REVIEW_FAILED'),
    ('idea', 'PLAN_REVIEW_FAILED', 'stop', 'PLAN_REVIEW_FAILED');

CREATE TRIGGER transition_rules_fixed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON transition_rules
    EXECUTE FUNCTION refuse('the law is changed by migrations only');
