CREATE FUNCTION unprotected.issue_token(p_label text, p_secret text, p_token bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_token bigint;
    v_sequence text := pg_get_serial_sequence('unprotected.token', 'token_key');
BEGIN
    IF p_token IS NULL THEN
        INSERT INTO unprotected.token (label, secret) VALUES (p_label, p_secret) RETURNING token_key INTO v_token;
    ELSE
        INSERT INTO unprotected.token (token_key, label, secret) VALUES (p_token, p_label, p_secret)
        ON CONFLICT (token_key) DO UPDATE SET secret = excluded.secret
        RETURNING token_key INTO v_token;
        -- The next token made without a key must not meet this one.
        PERFORM setval(v_sequence, v_token) WHERE v_token > (SELECT last_value FROM unprotected.token_token_key_seq);
    END IF;
    RETURN v_token;
END
$$;

-- Asks "has this token voted?", thinks for p_think as a web handler does between two queries, and then writes what it concluded
-- before: no lock, no unique key, and a score computed from a value read too early.
CREATE FUNCTION unprotected.cast_vote(p_secret text, p_post bigint, p_value real, p_origin inet DEFAULT NULL,
                                      p_request_key text DEFAULT NULL, p_think interval DEFAULT '3 ms',
                                      OUT outcome text, OUT vote_key bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_start timestamptz := clock_timestamp();
    v_token bigint;
    v_score double precision;
BEGIN
    SELECT t.token_key INTO v_token FROM unprotected.token t WHERE t.secret = p_secret AND t.state = 'active';
    SELECT p.score INTO v_score FROM unprotected.post p WHERE p.post_key = p_post;
    IF v_token IS NULL THEN
        outcome := 'invalid_token';
    ELSIF v_score IS NULL OR p_value IS NULL THEN
        outcome := 'invalid_input';
    ELSIF EXISTS (SELECT FROM unprotected.vote v WHERE v.token_key = v_token AND v.post_key = p_post) THEN
        outcome := 'duplicate';
    ELSE
        PERFORM pg_sleep_for(p_think);
        INSERT INTO unprotected.vote AS v (token_key, post_key, value, origin) VALUES (v_token, p_post, p_value, p_origin)
        RETURNING v.vote_key INTO vote_key;
        UPDATE unprotected.post SET score = v_score + p_value WHERE post_key = p_post;
        outcome := 'accepted';
    END IF;
    INSERT INTO unprotected.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, vote_key, origin, request_key)
    VALUES (v_token, p_post, p_value, v_start, clock_timestamp(), outcome, vote_key, p_origin, p_request_key);
END
$$;
