-- An attempt may end before its worktree has asked for a lock.

DROP TRIGGER transition_rules_no_insert;

INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES
    ('worktree', 'IDLE', 'job_terminal', 'RELEASED');

CREATE TRIGGER transition_rules_no_insert BEFORE INSERT ON transition_rules
BEGIN SELECT RAISE(ABORT, 'the law is changed by migrations only'); END;
