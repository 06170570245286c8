-- For the site's own administration, as scrutineer_owner: closing posts, and what has to be done now and then.

-- Closes or opens the shards of a post, ascending: waits for the votes that are on their way, and those that come later find the fence.
CREATE FUNCTION reference.fence_post(p_post bigint, p_closed boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO reference.tally AS t (post_key, shard, score, votes, closed)
    SELECT p_post, s, 0, 0, p_closed FROM generate_series(0, 63) AS s ORDER BY s
    ON CONFLICT (post_key, shard) DO UPDATE SET closed = excluded.closed;
$$;

-- However a post is closed, its fence stands first, and the time it was closed at is after the last vote.
CREATE FUNCTION reference.follow_closing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM reference.fence_post(new.post_key, new.closed_at IS NOT NULL);
    IF new.closed_at IS NOT NULL THEN
        new.closed_at := clock_timestamp();
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER follow_closing BEFORE UPDATE OF closed_at ON reference.post
    FOR EACH ROW WHEN ((old.closed_at IS NULL) <> (new.closed_at IS NULL)) EXECUTE FUNCTION reference.follow_closing();

-- False: it was closed before, or there is no such post.
CREATE FUNCTION reference.close_post(p_post bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE reference.post SET closed_at = clock_timestamp() WHERE post_key = p_post AND closed_at IS NULL;
    RETURN FOUND;
END
$$;

CREATE FUNCTION reference.reopen_post(p_post bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE reference.post SET closed_at = NULL WHERE post_key = p_post AND closed_at IS NOT NULL;
    RETURN FOUND;
END
$$;

CREATE FUNCTION reference.month_name(p_month timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'attempt_' || to_char(p_month AT TIME ZONE 'UTC', 'YYYY_MM')
$$;

-- Partitions for the months from that of p_from to that of p_to, in UTC. A month of which rows stand in the default partition already is left
-- to it. Waits at most two seconds for voters and readers, whom it would keep waiting behind it. Returns how many were made.
CREATE FUNCTION reference.make_months(p_from timestamptz, p_to timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET DateStyle = 'ISO' SET TimeZone = 'UTC' AS $$
DECLARE
    v_month timestamptz;
    v_next  timestamptz;
    v_made  integer := 0;
BEGIN
    FOR v_month IN SELECT generate_series(date_trunc('month', p_from), p_to, '1 month') LOOP
        v_next := v_month + interval '1 month';
        CONTINUE WHEN to_regclass('reference.' || reference.month_name(v_month)) IS NOT NULL
                   OR to_regclass('reference_archive.' || reference.month_name(v_month)) IS NOT NULL
                   OR EXISTS (SELECT FROM reference.attempt_default WHERE attempted_at >= v_month AND attempted_at < v_next);
        EXECUTE format('CREATE TABLE reference.%I PARTITION OF reference.attempt FOR VALUES FROM (%L) TO (%L)', reference.month_name(v_month), v_month, v_next);
        PERFORM reference.keep_from_emptying(('reference.' || reference.month_name(v_month))::regclass);
        v_made := v_made + 1;
    END LOOP;
    RETURN v_made;
END
$$;

-- The whole log: what voters write to, and every month that was detached. Made anew when one is.
CREATE FUNCTION reference.make_attempt_history() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_columns constant text := 'attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key, action, xid';
BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW reference.attempt_history AS SELECT %s, xmin AS row_xid, entry FROM reference.attempt', v_columns)
         || coalesce((SELECT string_agg(format(' UNION ALL SELECT %s, xmin, entry FROM reference_archive.%I', v_columns, a.name), '' ORDER BY a.from_at)
                        FROM reference.attempt_archive a), '');
END
$$;

-- Takes the months that ended before p_before, and before this one began, out of the voters' table. They stay readable in attempt_history, as
-- unchangeable as before, and may be moved to a slower tablespace. They are counted first, while everybody goes on; the lock that
-- stops voters is waited for two seconds at most (else lock_not_available) and held for as long as it takes to rename. It is taken in
-- the order of who reads the log: view, then table. Returns how many were detached.
CREATE FUNCTION reference.detach_months(p_before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' SET DateStyle = 'ISO' SET TimeZone = 'UTC' AS $$
DECLARE
    v_month reference.attempt_archive;
    v_old   reference.attempt_archive[] := '{}';
BEGIN
    FOR v_month IN
        SELECT c.relname, b.bounds[1]::timestamptz, b.bounds[2]::timestamptz, 0
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''(.*)''\) TO \(''(.*)''\)') AS b (bounds)
         WHERE i.inhparent = 'reference.attempt'::regclass AND b.bounds IS NOT NULL
           AND b.bounds[2]::timestamptz <= least(p_before, date_trunc('month', now())) ORDER BY 2
    LOOP
        EXECUTE format('SELECT count(*) FROM reference.%I', v_month.name) INTO v_month.attempts;
        v_old := v_old || v_month;
    END LOOP;
    IF cardinality(v_old) > 0 THEN
        LOCK TABLE reference.attempt_history IN ACCESS EXCLUSIVE MODE;
    END IF;
    FOREACH v_month IN ARRAY v_old LOOP
        EXECUTE format('ALTER TABLE reference.attempt DETACH PARTITION reference.%I', v_month.name);
        EXECUTE format('ALTER TABLE reference.%I SET SCHEMA reference_archive', v_month.name);
        EXECUTE format('CREATE TRIGGER only_grows BEFORE INSERT OR UPDATE OR DELETE ON reference_archive.%I FOR EACH ROW EXECUTE FUNCTION reference.refuse_change()',
                       v_month.name);
        INSERT INTO reference.attempt_archive (name, from_at, to_at, attempts) VALUES (v_month.name, v_month.from_at, v_month.to_at, v_month.attempts);
    END LOOP;
    PERFORM reference.make_attempt_history() WHERE cardinality(v_old) > 0;
    RETURN cardinality(v_old);
END
$$;

-- Once a day, from the site's scheduler: request keys that nobody sends again, networks whose bucket is full again, months ahead, and months to
-- detach (none when p_keep is null). What stops voters comes last.
CREATE FUNCTION reference.upkeep(p_keep interval DEFAULT NULL, p_requests interval DEFAULT '30 days',
                                 OUT requests_forgotten bigint, OUT networks_forgotten bigint, OUT months_made integer, OUT months_detached integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_keep < interval '0' OR p_requests < interval '0' THEN
        RAISE EXCEPTION 'upkeep keeps for some time or none, not for less' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- One at a time; voters do not know this table.
    LOCK TABLE reference.attempt_archive IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM reference.request WHERE answered_at < now() - p_requests;
    GET DIAGNOSTICS requests_forgotten = ROW_COUNT;
    DELETE FROM reference.origin_bucket b USING (
        SELECT o.origin FROM reference.origin_bucket o WHERE o.full_at < now() ORDER BY o.origin LIMIT 10000 FOR UPDATE SKIP LOCKED) idle
     WHERE b.origin = idle.origin AND b.full_at < now();
    GET DIAGNOSTICS networks_forgotten = ROW_COUNT;
    months_made := reference.make_months(now(), now() + interval '3 months');
    months_detached := CASE WHEN p_keep IS NULL THEN 0 ELSE reference.detach_months(now() - p_keep) END;
END
$$;

SELECT reference.make_months(now(), now() + interval '3 months');
SELECT reference.make_attempt_history();
