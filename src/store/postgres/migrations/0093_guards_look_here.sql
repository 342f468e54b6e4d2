-- A guard looks at the tables of its own schema, whatever tables of the same names whoever writes has made for himself:
-- those of a session come first unless a function says otherwise. A function that is made anew has to be named here anew.
DO $$
DECLARE guard record;
BEGIN
    FOR guard IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname IN ('checkpoint_follows', 'ledger_follows',
            'machine_born', 'machine_moves', 'outbox_seen', 'refuse', 'refuse_because', 'sent_commit_held')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', guard.name, current_schema());
    END LOOP;
END $$;
