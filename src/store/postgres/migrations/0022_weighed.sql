-- The matrix of the gate, in the database: a task's job is DONE on a verdict that satisfies the policy it was given, or
-- on a person's word. How long a summary is counts in UTF-16 units in the gate; a character has at most two.
CREATE TRIGGER claude_jobs_weighed BEFORE UPDATE OF status, kind, waived_by, verify_result, verify_required_snapshot,
    verify_only_snapshot, summary ON claude_jobs FOR EACH ROW
    WHEN (NEW.status = 'DONE' AND (OLD.status = 'DONE' OR NEW.status_event = 'finish')
          AND NEW.kind = 'TASK_IMPLEMENTATION' AND NEW.waived_by IS NULL
          AND NOT coalesce(CASE NEW.verify_result
                 WHEN 'EMPTY' THEN NEW.verify_only_snapshot
                 WHEN 'ALIGNED' THEN TRUE
                 ELSE NEW.verify_required_snapshot = 'ANY'
                   OR (NEW.verify_required_snapshot = 'ALIGNED_OR_PARTIAL' AND 2 * length(trim(NEW.summary)) >= 20)
             END, FALSE))
    EXECUTE FUNCTION refuse('job: the verdict is not what the attempt was asked for');
