-- Where an answer may wait: many votes in one transaction, and attempts whose transaction was lost.

CREATE TYPE reference.queued_vote AS (
    place       bigint,
    action      text,
    secret      text,
    post        bigint,
    value       real,
    origin      inet,
    request_key text,
    sqlstate    text    -- of what could not be read
);

CREATE FUNCTION reference.read_queued(p_place bigint, p_vote jsonb) RETURNS reference.queued_vote
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_queued reference.queued_vote;
BEGIN
    v_queued := jsonb_populate_record(NULL::reference.queued_vote, p_vote);
    v_queued.place := p_place;
    v_queued.action := coalesce(v_queued.action, 'cast');
    IF v_queued.action NOT IN ('cast', 'change', 'withdraw') THEN
        v_queued.action := 'cast';
        v_queued.sqlstate := '22023';
    ELSE
        v_queued.sqlstate := NULL;
    END IF;
    RETURN v_queued;
EXCEPTION WHEN data_exception THEN
    RETURN (p_place, 'cast', CASE jsonb_typeof(p_vote) WHEN 'object' THEN p_vote ->> 'secret' END, NULL, NULL, NULL, NULL, SQLSTATE)::reference.queued_vote;
END
$$;

-- Takes what the votes of a batch would wait for one by one, in the order in which all of voting locks: tokens, networks, votes, each
-- ascending; a void that locks the same votes by their keys meets no other order here.
CREATE FUNCTION reference.lock_for_batch(p_votes reference.queued_vote[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM reference.token t
      WHERE t.secret_hash IN (SELECT reference.hash_of(q.secret, k.inner_pad, k.outer_pad) FROM unnest(p_votes) AS q, reference.hash_key k)
      ORDER BY t.token_key FOR NO KEY UPDATE;
    INSERT INTO reference.origin_bucket AS b (origin, full_at, bucket_empty)
    SELECT DISTINCT reference.network_of(q.origin, r.origin_bits_v4, r.origin_bits_v6) AS origin, timestamptz '-infinity', false
      FROM unnest(p_votes) AS q, reference.rule r WHERE q.origin IS NOT NULL ORDER BY origin
    ON CONFLICT (origin) DO UPDATE SET full_at = b.full_at;
    PERFORM 1 FROM unnest(p_votes) AS q CROSS JOIN reference.hash_key k
      JOIN reference.token t ON t.secret_hash = reference.hash_of(q.secret, k.inner_pad, k.outer_pad)
      JOIN reference.vote v ON v.token_key = t.token_key AND v.post_key = q.post
      ORDER BY v.vote_key FOR NO KEY UPDATE OF v;
END
$$;

-- At most 10,000 votes in one transaction, as a queue's worker sends them: a JSON array of objects with secret, post, value, origin, request_key
-- and action (cast, which may be left out, change or withdraw). Each is answered, limited and logged as if it had come alone; they are
-- taken post by post, those of one post in their order, and a fault of one is the outcome of that one. Sent again with the same
-- request keys, the batch has the same answers.
CREATE FUNCTION reference.cast_votes(votes jsonb) RETURNS TABLE (place bigint, outcome text, vote_key bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_votes  reference.queued_vote[];
    v_vote   reference.queued_vote;
    v_answer reference.answer;
BEGIN
    IF jsonb_typeof(votes) IS DISTINCT FROM 'array' OR jsonb_array_length(votes) > 10000 THEN
        RAISE EXCEPTION 'cast_votes takes a JSON array of at most 10000 votes' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_votes := ARRAY(SELECT reference.read_queued(v.ordinality, v.value) FROM jsonb_array_elements(votes) WITH ORDINALITY AS v);
    PERFORM reference.lock_for_batch(v_votes);
    FOR v_vote IN SELECT * FROM unnest(v_votes) AS q ORDER BY q.post NULLS FIRST, q.place LOOP
        v_answer := reference.attend(v_vote.action, v_vote.secret, v_vote.post, CASE WHEN v_vote.action <> 'withdraw' THEN v_vote.value END,
                                     v_vote.origin, v_vote.request_key, v_vote.sqlstate);
        RETURN QUERY SELECT v_vote.place, v_answer.outcome, v_answer.vote_key;
    END LOOP;
END
$$;

-- For a caller who was left without an answer: the connection broke, the statement was cancelled, the server went down. Waits for the attempt
-- should it still be on its way, logs that its caller had no answer, as the error that the caller saw, and says what became of the
-- request: its first answer, or `error` when it was not carried out and may be sent again with the same request key. Without a request key
-- nobody can tell. So every attempt is in the log, that of a lost connection as well; one that was carried out and then reported stands
-- there as both.
CREATE FUNCTION reference.report_failure(secret text, post bigint, value real, origin inet DEFAULT NULL, request_key text DEFAULT NULL,
                                         sqlstate text DEFAULT '08006', action text DEFAULT 'cast') RETURNS reference.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    v_action text := CASE WHEN action IN ('cast', 'change', 'withdraw') THEN action ELSE 'cast' END;
    v_state  text := CASE WHEN sqlstate ~ '^[0-9A-Z]{5}$' THEN sqlstate ELSE '08006' END;
    v_value  real := CASE WHEN v_action <> 'withdraw' THEN value END;
    v_token  bigint;
    v_first  record;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'report_failure needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    SELECT t.token_key INTO v_token
      FROM reference.token t JOIN reference.hash_key k ON t.secret_hash = reference.hash_of(secret, k.inner_pad, k.outer_pad)
       FOR NO KEY UPDATE OF t;
    INSERT INTO reference.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, origin, request_key, action)
    VALUES (v_token, post, v_value, clock_timestamp(), clock_timestamp(), 'error', v_state, origin, left(request_key, 200), v_action);
    SELECT * INTO v_first FROM reference.first_answer(v_action, v_token, post, v_value, request_key, 'error');
    RETURN (v_first.outcome, v_first.vote_key)::reference.answer;
END
$$;
