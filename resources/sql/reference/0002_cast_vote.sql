-- Lock order of everything that votes: token, its bucket, its origin's bucket, post, vote, tally shard, log.

-- Gives an existing token a secret, or makes a new token with it. For the site's own administration.
CREATE FUNCTION reference.issue_token(p_label text, p_secret text, p_token bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_hash  bytea := sha256(convert_to(p_secret, 'UTF8'));
    v_token bigint;
    v_sequence text := pg_get_serial_sequence('reference.token', 'token_key');
BEGIN
    IF p_token IS NULL THEN
        INSERT INTO reference.token (label, secret_hash) VALUES (p_label, v_hash) RETURNING token_key INTO v_token;
    ELSE
        INSERT INTO reference.token (token_key, label, secret_hash) VALUES (p_token, p_label, v_hash)
        ON CONFLICT (token_key) DO UPDATE SET secret_hash = excluded.secret_hash
        RETURNING token_key INTO v_token;
        -- The next token made without a key must not meet this one.
        PERFORM setval(v_sequence, v_token) WHERE v_token > (SELECT last_value FROM reference.token_token_key_seq);
    END IF;
    RETURN v_token;
END
$$;

-- Waits for the votes that are on their way; those that come later find the post closed.
CREATE FUNCTION reference.close_post(p_post bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE reference.post SET closed_at = clock_timestamp() WHERE post_key = p_post AND closed_at IS NULL;
$$;

-- Called with the token locked, which makes the bucket this transaction's own.
CREATE FUNCTION reference.take_from_token_bucket(p_token bigint, p_rule reference.rule) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_now   timestamptz := clock_timestamp();
    v_level double precision;
BEGIN
    SELECT least(p_rule.token_burst, level + p_rule.token_rate * greatest(0, extract(epoch FROM v_now - filled_at)))
      INTO v_level FROM reference.token_bucket WHERE token_key = p_token;
    v_level := coalesce(v_level, p_rule.token_burst);
    IF v_level < 1 THEN
        RETURN false;
    END IF;
    INSERT INTO reference.token_bucket AS b (token_key, level, filled_at) VALUES (p_token, v_level - 1, v_now)
    ON CONFLICT (token_key) DO UPDATE SET level = excluded.level, filled_at = excluded.filled_at;
    RETURN true;
END
$$;

-- Tokens share an origin, so the row is locked first and read in the next statement.
CREATE FUNCTION reference.take_from_origin_bucket(p_origin inet, p_rule reference.rule) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_now   timestamptz;
    v_level double precision;
BEGIN
    IF p_origin IS NULL THEN
        RETURN true;
    END IF;
    INSERT INTO reference.origin_bucket (origin, level, filled_at) VALUES (p_origin, p_rule.origin_burst, clock_timestamp())
    ON CONFLICT (origin) DO NOTHING;
    PERFORM 1 FROM reference.origin_bucket WHERE origin = p_origin FOR NO KEY UPDATE;
    v_now := clock_timestamp();
    SELECT least(p_rule.origin_burst, level + p_rule.origin_rate * greatest(0, extract(epoch FROM v_now - filled_at)))
      INTO v_level FROM reference.origin_bucket WHERE origin = p_origin;
    IF v_level < 1 THEN
        RETURN false;
    END IF;
    UPDATE reference.origin_bucket SET level = v_level - 1, filled_at = v_now WHERE origin = p_origin;
    RETURN true;
END
$$;

-- The vote itself, with the token locked and known to be active.
CREATE FUNCTION reference.store_vote(p_token bigint, p_post bigint, p_value real, p_origin inet, OUT outcome text, OUT vote_key bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_rule   reference.rule;
    v_closed boolean;
BEGIN
    SELECT * INTO v_rule FROM reference.rule;
    IF p_post IS NULL OR p_value IS NULL OR NOT p_value BETWEEN v_rule.value_min AND v_rule.value_max THEN
        outcome := 'invalid_input';
        RETURN;
    END IF;
    IF NOT reference.take_from_token_bucket(p_token, v_rule) OR NOT reference.take_from_origin_bucket(p_origin, v_rule) THEN
        outcome := 'rate_limited';
        RETURN;
    END IF;
    SELECT closed_at IS NOT NULL INTO v_closed FROM reference.post p WHERE p.post_key = p_post FOR SHARE;
    IF v_closed IS NULL OR v_closed THEN
        outcome := CASE WHEN v_closed THEN 'closed' ELSE 'invalid_input' END;
        RETURN;
    END IF;
    INSERT INTO reference.vote AS v (token_key, post_key, value, origin) VALUES (p_token, p_post, p_value, p_origin)
    ON CONFLICT (token_key, post_key) DO NOTHING RETURNING v.vote_key INTO vote_key;
    IF vote_key IS NULL THEN
        outcome := 'duplicate';
        RETURN;
    END IF;
    INSERT INTO reference.tally AS t (post_key, shard, score, votes) VALUES (p_post, pg_backend_pid() % 16, p_value, 1)
    ON CONFLICT (post_key, shard) DO UPDATE SET score = t.score + excluded.score, votes = t.votes + 1;
    outcome := 'accepted';
END
$$;

-- A request key answers a retry with the first outcome. What time cures (rate_limited, error) is not kept, so that a retry may succeed.
CREATE FUNCTION reference.answer_request(p_token bigint, p_post bigint, p_value real, p_origin inet, p_request_key text,
                                         OUT outcome text, OUT vote_key bigint, OUT retried boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_first reference.request;
BEGIN
    retried := false;
    IF length(p_request_key) > 200 OR p_request_key = '' THEN
        outcome := 'invalid_input';
        RETURN;
    END IF;
    SELECT * INTO v_first FROM reference.request r WHERE r.token_key = p_token AND r.request_key = p_request_key;
    IF FOUND AND v_first.post_key IS NOT DISTINCT FROM p_post AND v_first.value IS NOT DISTINCT FROM p_value THEN
        outcome := v_first.outcome;
        vote_key := v_first.vote_key;
        retried := true;
    ELSIF FOUND THEN
        outcome := 'invalid_input';
    ELSE
        SELECT s.outcome, s.vote_key INTO outcome, vote_key FROM reference.store_vote(p_token, p_post, p_value, p_origin) s;
        IF p_request_key IS NOT NULL AND outcome <> 'rate_limited' THEN
            INSERT INTO reference.request (token_key, request_key, post_key, value, outcome, vote_key)
            VALUES (p_token, p_request_key, p_post, p_value, outcome, vote_key);
        END IF;
    END IF;
END
$$;

-- Lock in one statement, look again in the next: at READ COMMITTED the second one sees what the lock waited for.
CREATE FUNCTION reference.lock_active_token(p_token bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'cast_vote needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    PERFORM 1 FROM reference.token WHERE token_key = p_token FOR NO KEY UPDATE;
    RETURN (SELECT state = 'active' FROM reference.token WHERE token_key = p_token);
END
$$;

-- The one way to vote. A refusal is an outcome, never an exception: an exception would roll its own log row back.
CREATE FUNCTION reference.cast_vote(p_secret text, p_post bigint, p_value real, p_origin inet DEFAULT NULL,
                                    p_request_key text DEFAULT NULL, OUT outcome text, OUT vote_key bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_start   timestamptz := clock_timestamp();
    v_retried boolean := false;
    v_state   text;
    v_token   bigint;
BEGIN
    BEGIN
        SELECT t.token_key INTO v_token FROM reference.token t WHERE t.secret_hash = sha256(convert_to(p_secret, 'UTF8'));
        IF v_token IS NULL OR NOT reference.lock_active_token(v_token) THEN
            outcome := 'invalid_token';
        ELSE
            SELECT a.outcome, a.vote_key, a.retried INTO outcome, vote_key, v_retried
              FROM reference.answer_request(v_token, p_post, p_value, p_origin, p_request_key) a;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        outcome := 'error';
        vote_key := NULL;
        v_state := SQLSTATE;
    END;
    -- In the log a retry of an accepted vote is a duplicate: the vote was accepted once.
    INSERT INTO reference.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key)
    VALUES (v_token, p_post, p_value, v_start, clock_timestamp(),
            CASE WHEN v_retried AND outcome = 'accepted' THEN 'duplicate' ELSE outcome END,
            v_state, CASE WHEN outcome = 'accepted' AND NOT v_retried THEN vote_key END, p_origin, left(p_request_key, 200));
END
$$;
