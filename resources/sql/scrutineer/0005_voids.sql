-- What a set of votes is like now. The digest is over one line a vote, ascending by vote key; in it a token stands as the pseudonym that it has in
-- the log, so that it can be computed again by somebody who is not told whose votes they were.
CREATE FUNCTION scrutineer.look_at_votes(p_keys scrutineer.vote_key[], OUT digest text, OUT votes bigint, OUT posts bigint, OUT counted bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 AS $$
#variable_conflict use_column
BEGIN
    WITH picked AS MATERIALIZED (
        SELECT v.vote_key, v.token_key, v.post_key, v.value, v.cast_at, v.state
          FROM unnest(p_keys) AS k (vote_key) JOIN scrutineer.vote v ON v.vote_key = k.vote_key
    ), named AS MATERIALIZED (
        SELECT t.token_key, scrutineer.pseudonym('token ' || t.token_key, k.inner_pad, k.outer_pad) AS token
          FROM (SELECT DISTINCT p.token_key FROM picked p) t CROSS JOIN scrutineer.pseudonym_key k
    )
    SELECT encode(sha256(convert_to(coalesce(string_agg(concat(v.vote_key, E'\t', n.token, E'\t', v.post_key, E'\t', v.value, E'\t',
                         scrutineer.micros(v.cast_at), E'\t', v.state, E'\n'), '' ORDER BY v.vote_key), ''), 'UTF8')), 'hex'),
           count(*), count(DISTINCT v.post_key), count(*) FILTER (WHERE v.state = 'counted')
      INTO digest, votes, posts, counted
      FROM picked v JOIN named n ON n.token_key = v.token_key;
END
$$;

CREATE FUNCTION scrutineer.digest_votes(p_votes text[], OUT digest text, OUT votes bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    SELECT l.digest, l.votes INTO digest, votes
      FROM scrutineer.look_at_votes(ARRAY(SELECT DISTINCT k::scrutineer.vote_key FROM unnest(p_votes) AS k)) l;
END
$$;

-- Null when a key is not one of this source.
CREATE FUNCTION scrutineer.keys_of(p_votes text[]) RETURNS scrutineer.vote_key[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT DISTINCT k::scrutineer.vote_key AS key FROM unnest(p_votes) AS k WHERE k IS NOT NULL ORDER BY key);
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

-- Which votes are not what the plan took for granted, in words; at most 20 lines.
CREATE FUNCTION scrutineer.differences(p_keys scrutineer.vote_key[], p_expected text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(d.line ORDER BY d.vote_key), '[]') FROM (
        SELECT k.vote_key,
               CASE WHEN v.vote_key IS NULL THEN format('vote %s does not exist any more', k.vote_key)
                    WHEN q.number IS NOT NULL THEN format('vote %s is %s now (V-%s by %s)', k.vote_key, v.state, q.number, q.requested_by)
                    ELSE format('vote %s is %s now', k.vote_key, v.state) END AS line
          FROM unnest(p_keys) AS k (vote_key)
          LEFT JOIN scrutineer.vote v ON v.vote_key = k.vote_key
          LEFT JOIN scrutineer.voided w ON w.vote_key = v.vote_key AND w.token_key = v.token_key
          LEFT JOIN scrutineer.void_request q ON q.request_id = w.request_id
         WHERE v.vote_key IS NULL OR v.state <> p_expected
         ORDER BY k.vote_key LIMIT 20) d);
END
$$;

-- Null: the votes are exactly those that were reviewed, and in the state that the request needs.
CREATE FUNCTION scrutineer.votes_objection(p_keys scrutineer.vote_key[], p_digest text, p_expected text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_now  record;
    v_good bigint;
BEGIN
    IF p_keys IS NULL THEN
        RETURN scrutineer.refused('a vote key is not one of this source', 'Make the plan anew.');
    ELSIF cardinality(p_keys) = 0 THEN
        RETURN scrutineer.refused('the request names no votes', 'Make the plan anew.');
    END IF;
    SELECT * INTO v_now FROM scrutineer.look_at_votes(p_keys);
    v_good := CASE p_expected WHEN 'counted' THEN v_now.counted ELSE v_now.votes - v_now.counted END;
    IF v_good = cardinality(p_keys) AND v_now.digest = p_digest THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('status', 'changed', 'digest', v_now.digest, 'changed', cardinality(p_keys) - v_good,
        'differences', CASE WHEN v_good = cardinality(p_keys) THEN jsonb_build_array('the token, post, value or time of a vote differs from what was reviewed')
                            ELSE scrutineer.differences(p_keys, p_expected) END);
END
$$;

-- Null: all flags are confirmed, and every vote is an extra vote of one of them.
CREATE FUNCTION scrutineer.flags_objection(p_keys scrutineer.vote_key[], p_flags text[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_flag  record;
    v_alien scrutineer.vote_key;
BEGIN
    IF cardinality(p_flags) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM scrutineer.flag WHERE flag_key = ANY (p_flags) ORDER BY flag_key FOR SHARE;
    SELECT n.flag_key, q.state INTO v_flag
      FROM unnest(p_flags) AS n (flag_key) LEFT JOIN scrutineer.flag_queue q ON q.flag_key = n.flag_key
     WHERE q.state IS DISTINCT FROM 'confirmed' LIMIT 1;
    IF FOUND THEN
        RETURN scrutineer.refused(format('flag %s is %s, not confirmed', v_flag.flag_key, coalesce(v_flag.state, 'not recorded')),
                                  'Confirm it first, then make the plan anew.');
    END IF;
    SELECT k.vote_key INTO v_alien FROM unnest(p_keys) AS k (vote_key)
     WHERE NOT EXISTS (SELECT FROM scrutineer.flag_vote f WHERE f.vote_key = k.vote_key AND f.extra AND f.flag_key = ANY (p_flags)) LIMIT 1;
    IF FOUND THEN
        RETURN scrutineer.refused(format('vote %s is not an extra vote of the flags named', v_alien), 'Make the plan anew.');
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION scrutineer.store_request(p_request uuid, p_kind text, p_restores uuid, p_keys scrutineer.vote_key[], p_digest text,
                                         p_reason text, p_flags text[]) RETURNS scrutineer.void_request
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_row scrutineer.void_request;
BEGIN
    INSERT INTO scrutineer.void_request_vote (request_id, vote_key, token_key, post_key, author_key, value, cast_at, origin)
    SELECT p_request, v.vote_key, v.token_key, v.post_key, v.author_key, v.value, v.cast_at, v.origin
      FROM unnest(p_keys) AS k (vote_key) JOIN scrutineer.vote v ON v.vote_key = k.vote_key;
    INSERT INTO scrutineer.void_request (request_id, kind, restores, digest, reason, votes, posts)
    SELECT p_request, p_kind, p_restores, p_digest, coalesce(p_reason, ''), count(*), count(DISTINCT post_key)
      FROM scrutineer.void_request_vote WHERE request_id = p_request
    RETURNING * INTO v_row;
    INSERT INTO scrutineer.void_request_flag (request_id, flag_key) SELECT DISTINCT p_request, f FROM unnest(p_flags) AS f;
    IF v_row.votes <> cardinality(p_keys) THEN
        RAISE EXCEPTION 'request % kept % votes of %', p_request, v_row.votes, cardinality(p_keys) USING ERRCODE = 'data_corrupted';
    END IF;
    RETURN v_row;
END
$$;

-- "37 votes on 1 post".
CREATE FUNCTION scrutineer.size_text(p_request scrutineer.void_request) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('%s %s on %s %s', p_request.votes, CASE p_request.votes WHEN 1 THEN 'vote' ELSE 'votes' END,
                  p_request.posts, CASE p_request.posts WHEN 1 THEN 'post' ELSE 'posts' END)
$$;

-- Writes the voids or restores of a stored request, whose votes are locked and looked at; the site's scores come last.
CREATE FUNCTION scrutineer.carry_out(p_request scrutineer.void_request, p_two_person boolean) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_sign integer := CASE p_request.kind WHEN 'void' THEN -1 ELSE 1 END;
    v_rows bigint;
    v_at   timestamptz;
BEGIN
    IF p_request.kind = 'void' THEN
        INSERT INTO scrutineer.vote_void (token_key, vote_key, round, request_id)
        SELECT q.token_key, q.vote_key,
               1 + (SELECT count(*) FROM scrutineer.vote_restore r WHERE r.token_key = q.token_key AND r.vote_key = q.vote_key), q.request_id
          FROM scrutineer.void_request_vote q WHERE q.request_id = p_request.request_id;
    ELSE
        INSERT INTO scrutineer.vote_restore (token_key, vote_key, round, request_id)
        SELECT w.token_key, w.vote_key, w.round, p_request.request_id
          FROM scrutineer.void_request_vote q JOIN scrutineer.voided w ON w.token_key = q.token_key AND w.vote_key = q.vote_key
         WHERE q.request_id = p_request.request_id AND w.request_id = p_request.restores;
    END IF;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows <> p_request.votes THEN
        RAISE EXCEPTION 'request % wrote % votes of %', p_request.request_id, v_rows, p_request.votes USING ERRCODE = 'data_corrupted';
    END IF;
    INSERT INTO scrutineer.void_execution (request_id, requested_by, two_person)
    VALUES (p_request.request_id, p_request.requested_by, p_two_person) RETURNING committed_at INTO v_at;
    PERFORM scrutineer.log(p_request.kind, 'V-' || p_request.number, 'done',
                           scrutineer.size_text(p_request) || ': ' || p_request.reason, p_request.digest);
    PERFORM scrutineer.site_adjust_scores(array_agg(c.post_key ORDER BY c.post_key), array_agg(c.delta ORDER BY c.post_key),
                                          array_agg(c.votes ORDER BY c.post_key))
       FROM (SELECT post_key, v_sign * sum(value::double precision) AS delta, v_sign * count(*) AS votes
               FROM scrutineer.void_request_vote WHERE request_id = p_request.request_id GROUP BY post_key) c;
    RETURN jsonb_build_object('votes', p_request.votes, 'posts', p_request.posts, 'digest', p_request.digest, 'actor', session_user,
                              'committed_at', scrutineer.micros(v_at), 'number', p_request.number);
END
$$;

CREATE FUNCTION scrutineer.request_objection(p_request uuid, p_reason text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM scrutineer.void_request WHERE request_id = p_request) THEN
        RETURN scrutineer.refused('this request id was used for something else', 'Make the plan anew.');
    ELSIF length(p_reason) > 4000 THEN
        RETURN scrutineer.refused('the reason is longer than 4000 characters', 'Shorten it.');
    ELSIF coalesce(btrim(p_reason), '') = '' THEN
        RETURN scrutineer.refused('a request without a reason', 'Say why; it stays in the audit log.');
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION scrutineer.void_votes(request uuid, votes text[], digest text, reason text, flags text[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    v_flags   text[] := ARRAY(SELECT DISTINCT f FROM unnest(flags) AS f ORDER BY f);
    v_keys    scrutineer.vote_key[] := scrutineer.keys_of(votes);
    v_payload bytea := scrutineer.payload_of(jsonb_build_array(to_jsonb(v_keys), digest, reason, to_jsonb(v_flags)));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'void_votes', v_payload);
BEGIN
    v_answer := coalesce(v_answer, scrutineer.request_objection(request, reason));
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    ELSIF (SELECT two_person_rule FROM scrutineer.setting) THEN
        RETURN scrutineer.refused('here a void needs two people', 'Propose it, and have another admin approve the proposal.');
    END IF;
    v_answer := scrutineer.flags_objection(v_keys, v_flags);
    IF v_answer IS NULL THEN
        PERFORM scrutineer.site_lock_votes(v_keys);
        v_answer := scrutineer.votes_objection(v_keys, digest, 'counted');
    END IF;
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_answer := scrutineer.carry_out(scrutineer.store_request(request, 'void', NULL, v_keys, digest, reason, v_flags), false);
    RETURN scrutineer.answer(request, 'void_votes', v_payload, v_answer);
END
$$;

CREATE FUNCTION scrutineer.propose_void(request uuid, votes text[], digest text, reason text, flags text[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    v_flags   text[] := ARRAY(SELECT DISTINCT f FROM unnest(flags) AS f ORDER BY f);
    v_keys    scrutineer.vote_key[] := scrutineer.keys_of(votes);
    v_payload bytea := scrutineer.payload_of(jsonb_build_array(to_jsonb(v_keys), digest, reason, to_jsonb(v_flags)));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'propose_void', v_payload);
    v_row     scrutineer.void_request;
BEGIN
    v_answer := coalesce(v_answer, scrutineer.request_objection(request, reason), scrutineer.flags_objection(v_keys, v_flags),
                         scrutineer.votes_objection(v_keys, digest, 'counted'));
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_row := scrutineer.store_request(request, 'void', NULL, v_keys, digest, reason, v_flags);
    PERFORM scrutineer.log('propose', 'V-' || v_row.number, 'done', scrutineer.size_text(v_row) || ': ' || v_row.reason, v_row.digest);
    RETURN scrutineer.answer(request, 'propose_void', v_payload,
        jsonb_build_object('votes', v_row.votes, 'posts', v_row.posts, 'digest', v_row.digest, 'number', v_row.number, 'actor', session_user,
                           'requested_at', scrutineer.micros(v_row.requested_at)));
END
$$;

-- Null: the request is a proposal that still waits. Locks it, so that it is decided once.
CREATE FUNCTION scrutineer.proposal_objection(p_request uuid) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_state text;
BEGIN
    PERFORM 1 FROM scrutineer.void_request WHERE request_id = p_request FOR UPDATE;
    SELECT state INTO v_state FROM scrutineer.void_history WHERE request_id = p_request;
    IF v_state IS NULL THEN
        RETURN scrutineer.refused('there is no such proposal', 'Load the list of voids again.');
    ELSIF v_state <> 'proposed' THEN
        RETURN scrutineer.refused(format('the proposal is %s already', v_state), 'Load the list of voids again.');
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION scrutineer.approve_void(request uuid, digest text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    v_payload    bytea := scrutineer.payload_of(jsonb_build_array(digest));
    v_answer     jsonb := scrutineer.earlier_answer(request, 'approve_void', v_payload);
    v_two_person boolean := (SELECT two_person_rule FROM scrutineer.setting);
    v_keys       scrutineer.vote_key[];
    v_flags      text[];
    v_row        scrutineer.void_request;
BEGIN
    v_answer := coalesce(v_answer, scrutineer.proposal_objection(request));
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    SELECT * INTO v_row FROM scrutineer.void_request q WHERE q.request_id = request;
    IF v_two_person AND v_row.requested_by = session_user THEN
        RETURN scrutineer.refused('you proposed this void yourself', 'Another admin has to approve it.');
    END IF;
    v_keys := ARRAY(SELECT q.vote_key FROM scrutineer.void_request_vote q WHERE q.request_id = request ORDER BY q.vote_key);
    v_flags := ARRAY(SELECT q.flag_key FROM scrutineer.void_request_flag q WHERE q.request_id = request);
    v_answer := scrutineer.flags_objection(v_keys, v_flags);
    IF v_answer IS NULL THEN
        PERFORM scrutineer.site_lock_votes(v_keys);
        v_answer := scrutineer.votes_objection(v_keys, v_row.digest, 'counted');
    END IF;
    IF v_answer IS NULL AND v_row.digest IS DISTINCT FROM digest THEN
        v_answer := scrutineer.refused('what you looked at is not what was proposed', 'Look at the proposal again, then approve it.');
    END IF;
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    RETURN scrutineer.answer(request, 'approve_void', v_payload, scrutineer.carry_out(v_row, v_two_person));
END
$$;

CREATE FUNCTION scrutineer.withdraw_proposal(request uuid, reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    v_payload bytea := scrutineer.payload_of(jsonb_build_array(reason));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'withdraw_proposal', v_payload);
    v_row     scrutineer.void_request;
BEGIN
    v_answer := coalesce(v_answer, scrutineer.proposal_objection(request));
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    ELSIF length(reason) > 4000 THEN
        RETURN scrutineer.refused('the reason is longer than 4000 characters', 'Shorten it.');
    ELSIF coalesce(btrim(reason), '') = '' THEN
        RETURN scrutineer.refused('a withdrawal without a reason', 'Say why; it stays in the audit log.');
    END IF;
    SELECT * INTO v_row FROM scrutineer.void_request q WHERE q.request_id = request;
    IF v_row.requested_by <> session_user AND NOT pg_has_role(session_user, 'scrutineer_admin', 'MEMBER') THEN
        RETURN scrutineer.refused(format('%s proposed this void', v_row.requested_by), 'Only they or an admin can withdraw it.');
    END IF;
    INSERT INTO scrutineer.void_withdrawal (request_id, reason) VALUES (request, reason);
    PERFORM scrutineer.log('withdraw', 'V-' || v_row.number, 'done', reason, v_row.digest);
    RETURN scrutineer.answer(request, 'withdraw_proposal', v_payload, jsonb_build_object('number', v_row.number, 'actor', session_user));
END
$$;

-- Null: the void was carried out and stands.
CREATE FUNCTION scrutineer.restore_objection(p_voided uuid) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_row record;
BEGIN
    PERFORM 1 FROM scrutineer.void_request WHERE request_id = p_voided FOR UPDATE;
    SELECT * INTO v_row FROM scrutineer.void_history WHERE request_id = p_voided;
    IF NOT FOUND OR v_row.kind <> 'void' THEN
        RETURN scrutineer.refused('there is no such void', 'Load the list of voids again.');
    ELSIF v_row.state <> 'done' THEN
        RETURN scrutineer.refused(format('V-%s is %s, there is nothing to restore', v_row.number, v_row.state), 'Load the list of voids again.');
    END IF;
    RETURN NULL;
END
$$;

-- Of the votes of a void those that can come back; whatever stands against the others stays as it is.
CREATE FUNCTION scrutineer.restorable_votes(p_voided uuid) RETURNS scrutineer.vote_key[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT vote_key FROM scrutineer.restore_check WHERE request_id = p_voided AND hindrance IS NULL ORDER BY vote_key);
END
$$;

-- What was reviewed was another set of votes than those that can come back now: says which cannot; at most 20 lines.
CREATE FUNCTION scrutineer.hindrances(p_voided uuid, p_answer jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_hindered    bigint;
    v_differences jsonb;
BEGIN
    SELECT count(*), jsonb_agg(format('vote %s %s', h.vote_key, h.hindrance) ORDER BY h.vote_key) FILTER (WHERE h.place <= 20)
      INTO v_hindered, v_differences
      FROM (SELECT vote_key, hindrance, row_number() OVER (ORDER BY vote_key) AS place
              FROM scrutineer.restore_check WHERE request_id = p_voided AND hindrance IS NOT NULL) h;
    IF v_hindered = 0 OR p_answer ->> 'status' IS DISTINCT FROM 'changed' THEN
        RETURN p_answer;
    END IF;
    RETURN p_answer || jsonb_build_object('changed', v_hindered, 'differences', v_differences);
END
$$;

CREATE FUNCTION scrutineer.restore_votes(request uuid, voided uuid, digest text, reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    v_payload bytea := scrutineer.payload_of(jsonb_build_array(voided, digest, reason));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'restore_votes', v_payload);
    v_keys    scrutineer.vote_key[];
BEGIN
    v_answer := coalesce(v_answer, scrutineer.request_objection(request, reason), scrutineer.restore_objection(voided));
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    PERFORM scrutineer.site_lock_votes(ARRAY(SELECT q.vote_key FROM scrutineer.void_request_vote q WHERE q.request_id = voided ORDER BY q.vote_key));
    v_keys := scrutineer.restorable_votes(voided);
    IF cardinality(v_keys) = 0 THEN
        RETURN scrutineer.refused('no vote of this void can come back: each was deleted or changed since', 'Look at the votes on the site.');
    END IF;
    v_answer := scrutineer.hindrances(voided, scrutineer.votes_objection(v_keys, digest, 'voided'));
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    v_answer := scrutineer.carry_out(scrutineer.store_request(request, 'restore', voided, v_keys, digest, reason, '{}'), false);
    RETURN scrutineer.answer(request, 'restore_votes', v_payload, v_answer);
END
$$;
