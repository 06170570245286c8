-- The attempts' part of the sealed log: bytes beside the columns, written by a trigger of the adapter, and found by their transaction.
ALTER TABLE reference.attempt ADD COLUMN entry bytea;
CREATE INDEX attempt_by_xid ON reference.attempt (xid);

CREATE OR REPLACE FUNCTION reference.make_attempt_history() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_columns constant text := 'attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key, action, xid';
BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW reference.attempt_history AS SELECT %s, xmin AS row_xid, entry FROM reference.attempt', v_columns)
         || coalesce((SELECT string_agg(format(' UNION ALL SELECT %s, xmin, entry FROM reference_archive.%I', v_columns, a.name), '' ORDER BY a.from_at)
                        FROM reference.attempt_archive a), '');
END
$$;
SELECT reference.make_attempt_history();
