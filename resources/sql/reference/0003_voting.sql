-- Voting. Lock order of everything here: token, bucket of its network, vote (changes and voids only), vote_event, tally shard; the log takes
-- no lock that anybody waits for. A post's row is locked by nobody: its shards are its fence.

CREATE TYPE reference.answer AS (outcome text, vote_key bigint);

-- What an attempt comes to, before it is logged and counted.
CREATE TYPE reference.effect AS (
    outcome  text,
    vote_key bigint,
    action   text,              -- as it is logged: a vote cast again after its withdrawal is a recast
    score    double precision,  -- added to the tally
    votes    integer
);

-- Whether a vote was taken out of the count, so that its token cannot change it. For what voids votes to replace.
CREATE FUNCTION reference.is_voided(p_token bigint, p_vote bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT false
$$;

CREATE FUNCTION reference.follow_events() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO reference.vote_now AS n (token_key, post_key, revision, value, changed_at)
    VALUES (new.token_key, new.post_key, new.revision, new.value, new.at)
    ON CONFLICT (token_key, post_key) DO UPDATE SET revision = excluded.revision, value = excluded.value, changed_at = excluded.changed_at
     WHERE n.revision = excluded.revision - 1 AND n.value IS NOT DISTINCT FROM new.value_before;
    IF NOT FOUND OR (CASE new.revision
            WHEN 2 THEN new.value_before IS DISTINCT FROM
                (SELECT v.value FROM reference.vote v WHERE v.token_key = new.token_key AND v.post_key = new.post_key)
            ELSE NOT EXISTS (SELECT FROM reference.vote_event e
                              WHERE e.token_key = new.token_key AND e.post_key = new.post_key AND e.revision = new.revision - 1) END) THEN
        RAISE EXCEPTION 'revision % does not follow the one before it', new.revision USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER follow_events AFTER INSERT ON reference.vote_event FOR EACH ROW EXECUTE FUNCTION reference.follow_events();

-- A token that withdrew its vote may cast it again; any other second vote is a duplicate. The token is locked.
CREATE FUNCTION reference.store_again(p_token bigint, p_post bigint, p_value real, p_origin inet) RETURNS reference.effect
LANGUAGE plpgsql AS $$
DECLARE
    v_vote bigint;
    v_now  reference.vote_now;
BEGIN
    SELECT * INTO v_now FROM reference.vote_now n WHERE n.token_key = p_token AND n.post_key = p_post;
    IF NOT FOUND OR v_now.value IS NOT NULL THEN
        RETURN ('duplicate', NULL, 'cast', 0, 0)::reference.effect;
    END IF;
    SELECT v.vote_key INTO v_vote FROM reference.vote v WHERE v.token_key = p_token AND v.post_key = p_post;
    INSERT INTO reference.vote_event (token_key, post_key, revision, kind, value, origin)
    VALUES (p_token, p_post, v_now.revision + 1, 'recast', p_value, p_origin);
    RETURN ('accepted', v_vote, 'recast', p_value, 1)::reference.effect;
END
$$;

-- A change to p_value, or a withdrawal when that is null. A void locks the votes it takes, so the vote is locked too, and whether it was
-- voided is asked in the statement after.
CREATE FUNCTION reference.store_change(p_token bigint, p_post bigint, p_value real, p_origin inet) RETURNS reference.effect
LANGUAGE plpgsql AS $$
DECLARE
    v_action text := CASE WHEN p_value IS NULL THEN 'withdraw' ELSE 'change' END;
    v_vote   reference.vote;
    v_now    reference.vote_now;
BEGIN
    SELECT * INTO v_vote FROM reference.vote v WHERE v.token_key = p_token AND v.post_key = p_post FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN ('invalid_input', NULL, v_action, 0, 0)::reference.effect;
    ELSIF reference.is_voided(p_token, v_vote.vote_key) THEN
        RETURN ('closed', NULL, v_action, 0, 0)::reference.effect;
    END IF;
    SELECT * INTO v_now FROM reference.vote_now n WHERE n.token_key = p_token AND n.post_key = p_post;
    IF NOT FOUND THEN
        v_now := (p_token, p_post, 1, v_vote.value, v_vote.cast_at);
    END IF;
    IF v_now.value IS NOT DISTINCT FROM p_value THEN
        RETURN ('duplicate', NULL, v_action, 0, 0)::reference.effect;
    ELSIF v_now.value IS NULL THEN
        RETURN ('invalid_input', NULL, v_action, 0, 0)::reference.effect;
    END IF;
    INSERT INTO reference.vote_event (token_key, post_key, revision, kind, value_before, value, origin)
    VALUES (p_token, p_post, v_now.revision + 1, v_action, v_now.value, p_value, p_origin);
    RETURN ('accepted', v_vote.vote_key, v_action, coalesce(p_value, 0)::double precision - v_now.value, CASE WHEN p_value IS NULL THEN -1 ELSE 0 END)::reference.effect;
END
$$;

-- What the first request with this key was answered, if there was one; otherwise the outcome stays as it is. The key stands for one request,
-- with another one it is invalid.
CREATE FUNCTION reference.first_answer(p_action text, p_token bigint, p_post bigint, p_value real, p_request_key text, p_otherwise text,
                                       OUT again boolean, OUT outcome text, OUT vote_key bigint)
LANGUAGE plpgsql AS $$
DECLARE
    v_first reference.request;
BEGIN
    SELECT * INTO v_first FROM reference.request r WHERE r.token_key = p_token AND r.request_key = p_request_key;
    again := FOUND;
    outcome := p_otherwise;
    IF FOUND AND (v_first.action, v_first.post_key, v_first.value) IS NOT DISTINCT FROM (p_action, p_post, p_value) THEN
        outcome := v_first.outcome;
        vote_key := v_first.vote_key;
    ELSIF FOUND OR p_otherwise IS NULL AND (p_request_key = '' OR length(p_request_key) > 200) THEN
        outcome := 'invalid_input';
    END IF;
END
$$;

-- Every way to vote ends here, p_action is cast, change or withdraw; p_unread is the SQLSTATE of input that could not be read. A refusal is an
-- outcome, never an exception: an exception would roll its own log row back. At READ COMMITTED a statement sees what the lock of the one
-- before it waited for; at any other level it would be blind.
--
-- One function and not six, because a call costs as much as one of these statements. They are, in this order:
--   1. The token: locked, looked at and its bucket taken from by one UPDATE, which looks anew at what it had to wait for. A bucket is a token
--      bucket in the form of the generic cell rate algorithm (ITU-T I.371, annex A): full_at is when it would be full again, and an attempt
--      that finds it more than the slack ahead of its own arrival finds the bucket empty.
--   2. The network's bucket, which unknown secrets take from too, so that guessing is limited.
--   3. The post, the vote, the log; what is not there is decided by the unique key, what is there is looked at again.
--   4. The tally shard last, as it is what others wait for. To find it closed there undoes the rest.
CREATE FUNCTION reference.attend(p_action text, p_secret text, p_post bigint, p_value real, p_origin inet, p_request_key text,
                                 p_unread text DEFAULT NULL) RETURNS reference.answer
LANGUAGE plpgsql AS $$
DECLARE
    v_at       timestamptz := clock_timestamp();
    v_rule     reference.rule;
    v_token    bigint;
    v_outcome  text;
    v_vote     bigint;
    v_action   text := p_action;
    v_score    double precision := p_value;
    v_votes    integer := 1;
    v_again    boolean := false;
    v_sqlstate text := p_unread;
BEGIN
    BEGIN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'voting needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
        END IF;
        SELECT * INTO v_rule FROM reference.rule;
        UPDATE reference.token t
           SET full_at = CASE WHEN t.full_at <= v_at + v_rule.token_slack THEN greatest(t.full_at, v_at) + v_rule.token_period ELSE t.full_at END,
               bucket_empty = t.full_at > v_at + v_rule.token_slack
          FROM reference.hash_key k
         WHERE t.secret_hash = reference.hash_of(p_secret, k.inner_pad, k.outer_pad)
        RETURNING t.token_key,
                  CASE WHEN t.revoked_at IS NOT NULL OR t.expires_at <= clock_timestamp() THEN 'invalid_token' WHEN t.bucket_empty THEN 'rate_limited' END
          INTO v_token, v_outcome;
        IF NOT FOUND THEN
            v_outcome := 'invalid_token';
        ELSIF p_request_key IS NOT NULL THEN
            SELECT * INTO v_again, v_outcome, v_vote
              FROM reference.first_answer(p_action, v_token, p_post, p_value, p_request_key, v_outcome);
        END IF;

        IF p_origin IS NOT NULL AND NOT v_again AND (v_outcome IS NULL OR v_outcome = 'invalid_token') THEN
            INSERT INTO reference.origin_bucket AS b (origin, full_at, bucket_empty)
            VALUES (reference.network_of(p_origin, v_rule.origin_bits_v4, v_rule.origin_bits_v6), v_at + v_rule.origin_period, false)
            ON CONFLICT (origin) DO UPDATE
               SET full_at = CASE WHEN b.full_at <= v_at + v_rule.origin_slack THEN greatest(b.full_at, v_at) + v_rule.origin_period ELSE b.full_at END,
                   bucket_empty = b.full_at > v_at + v_rule.origin_slack
            RETURNING CASE WHEN b.bucket_empty THEN 'rate_limited' ELSE v_outcome END INTO v_outcome;
        END IF;

        IF v_outcome IS NULL THEN
            SELECT CASE WHEN p.closed_at IS NOT NULL THEN 'closed' END INTO v_outcome FROM reference.post p WHERE p.post_key = p_post;
            IF p_unread IS NOT NULL OR NOT FOUND OR p_action <> 'withdraw' AND (p_value IS NULL OR NOT p_value BETWEEN v_rule.value_min AND v_rule.value_max) THEN
                v_outcome := 'invalid_input';
            ELSIF v_outcome IS NULL AND p_action = 'cast' THEN
                INSERT INTO reference.vote AS v (token_key, post_key, value, origin) VALUES (v_token, p_post, p_value, p_origin)
                ON CONFLICT (token_key, post_key) DO NOTHING RETURNING 'accepted', v.vote_key INTO v_outcome, v_vote;
                IF NOT FOUND THEN
                    SELECT * INTO v_outcome, v_vote, v_action, v_score, v_votes FROM reference.store_again(v_token, p_post, p_value, p_origin);
                END IF;
            ELSIF v_outcome IS NULL THEN
                SELECT * INTO v_outcome, v_vote, v_action, v_score, v_votes
                  FROM reference.store_change(v_token, p_post, CASE p_action WHEN 'change' THEN p_value END, p_origin);
            END IF;
            IF p_request_key IS NOT NULL THEN
                INSERT INTO reference.request (token_key, request_key, action, post_key, value, outcome, vote_key)
                VALUES (v_token, p_request_key, p_action, p_post, p_value, v_outcome, v_vote);
            END IF;
        END IF;

        -- In the log a retry of an accepted vote is a duplicate: the vote was accepted once.
        INSERT INTO reference.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key, action)
        VALUES (v_token, p_post, p_value, v_at, clock_timestamp(), CASE WHEN v_again AND v_outcome = 'accepted' THEN 'duplicate' ELSE v_outcome END,
                p_unread, CASE WHEN NOT v_again THEN v_vote END, p_origin, left(p_request_key, 200), v_action);
        IF v_outcome = 'accepted' AND NOT v_again THEN
            INSERT INTO reference.tally AS t (post_key, shard, score, votes) VALUES (p_post, pg_backend_pid() & 63, v_score, v_votes)
            ON CONFLICT (post_key, shard) DO UPDATE SET score = t.score + excluded.score, votes = t.votes + excluded.votes WHERE NOT t.closed;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'the post was closed meanwhile' USING ERRCODE = 'RF001';
            END IF;
        END IF;
        RETURN (v_outcome, v_vote)::reference.answer;
    EXCEPTION
        WHEN SQLSTATE 'RF001' THEN
            v_outcome := 'closed';
            -- Undone with the rest, and the first answer all the same.
            INSERT INTO reference.request (token_key, request_key, action, post_key, value, outcome)
            SELECT v_token, p_request_key, p_action, p_post, p_value, 'closed' WHERE p_request_key IS NOT NULL ON CONFLICT DO NOTHING;
        WHEN OTHERS THEN
            v_outcome := 'error';
            v_sqlstate := SQLSTATE;
    END;
    INSERT INTO reference.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, origin, request_key, action)
    VALUES (v_token, p_post, p_value, v_at, clock_timestamp(), v_outcome, v_sqlstate, p_origin, left(p_request_key, 200), p_action);
    RETURN (v_outcome, NULL)::reference.answer;
END
$$;

-- The voting API: what the role voting_api may call. The names of the parameters are the interface, as JSON of a web request has them.
CREATE FUNCTION reference.cast_vote(secret text, post bigint, value real, origin inet DEFAULT NULL, request_key text DEFAULT NULL) RETURNS reference.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN reference.attend('cast', secret, post, value, origin, request_key);
END
$$;

CREATE FUNCTION reference.change_vote(secret text, post bigint, value real, origin inet DEFAULT NULL, request_key text DEFAULT NULL) RETURNS reference.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN reference.attend('change', secret, post, value, origin, request_key);
END
$$;

CREATE FUNCTION reference.withdraw_vote(secret text, post bigint, origin inet DEFAULT NULL, request_key text DEFAULT NULL) RETURNS reference.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN reference.attend('withdraw', secret, post, NULL, origin, request_key);
END
$$;
