-- Whether a body shows more than what a moderator decided about: extra votes that were not among those, or where no vote is concerned
-- half as much again.
CREATE FUNCTION scrutineer.shows_more(p_key text, p_before jsonb, p_now jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF jsonb_array_length(coalesce(p_now -> 'extra_votes', '[]')) = 0 THEN
        RETURN (p_now ->> 'score')::double precision > 1.5 * (p_before ->> 'score')::double precision;
    END IF;
    RETURN EXISTS (SELECT FROM jsonb_array_elements_text(p_now -> 'extra_votes') AS x (key)
                    WHERE NOT EXISTS (SELECT FROM scrutineer.flag_vote v
                                       WHERE v.flag_key = p_key AND v.extra AND v.vote_key = x.key::scrutineer.vote_key));
END
$$;

-- One flag as codec writes it. An open flag follows the newest scan ('changed'). What a moderator has decided about is not changed under
-- them ('differs'), unless the scan sees more than they did: then the flag is open again, and the history says why ('reopened'). Every
-- body stays in flag_version.
CREATE FUNCTION scrutineer.record_flag(p_flag jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_key    text := p_flag ->> 'flag';
    v_kind   text := p_flag #>> '{subject,kind}';
    v_flag   scrutineer.flag;
    v_new    boolean;
    v_last   record;
    v_result text;
BEGIN
    IF (p_flag ->> 'detector') !~ '^[a-z_]+$' OR v_kind IS NULL OR jsonb_typeof(p_flag -> 'score') IS DISTINCT FROM 'number' THEN
        RAISE EXCEPTION 'it lacks a detector, a subject or a score' USING ERRCODE = 'data_exception';
    END IF;
    INSERT INTO scrutineer.flag AS f (flag_key, detector, rule_version, subject_kind, subject_key, subject_token, subject_post, post_key,
                                      from_at, to_at, score, severity, body)
    VALUES (v_key, p_flag ->> 'detector', p_flag ->> 'rule_version', v_kind, p_flag #>> '{subject,key}',
            CASE v_kind WHEN 'token' THEN (p_flag #>> '{subject,key}')::scrutineer.token_key END,
            CASE WHEN v_kind IN ('counter', 'post') THEN p_flag #>> '{subject,key}' ELSE nullif(p_flag #>> '{subject,post}', '') END::scrutineer.post_key,
            nullif(p_flag #>> '{subject,post}', ''), (p_flag ->> 'from')::timestamptz, (p_flag ->> 'to')::timestamptz,
            (p_flag ->> 'score')::double precision, p_flag ->> 'severity', p_flag)
    ON CONFLICT (flag_key) DO UPDATE SET last_seen_at = clock_timestamp()
    RETURNING f.xmax = 0 INTO v_new;
    SELECT * INTO v_flag FROM scrutineer.flag WHERE flag_key = v_key;
    IF (v_flag.detector, v_flag.subject_kind, v_flag.subject_key) IS DISTINCT FROM (p_flag ->> 'detector', v_kind, p_flag #>> '{subject,key}') THEN
        RAISE EXCEPTION 'that key is on record for % of %', v_flag.detector, v_flag.subject_key USING ERRCODE = 'data_exception';
    END IF;
    SELECT version, body INTO v_last FROM scrutineer.flag_version WHERE flag_key = v_key ORDER BY version DESC LIMIT 1;
    IF v_last.body = p_flag THEN
        RETURN 'known';
    END IF;
    v_result := CASE WHEN v_new THEN 'new'
                     WHEN (SELECT state FROM scrutineer.flag_queue WHERE flag_key = v_key) = 'open' THEN 'changed'
                     WHEN scrutineer.shows_more(v_key, v_flag.body, p_flag) THEN 'reopened'
                     ELSE 'differs' END;
    INSERT INTO scrutineer.flag_version (flag_key, version, body, applied)
    VALUES (v_key, coalesce(v_last.version, 0) + 1, p_flag, v_result <> 'differs');
    IF v_result = 'differs' THEN
        RETURN v_result;
    ELSIF v_result = 'reopened' THEN
        INSERT INTO scrutineer.review (flag_key, decision, reason) VALUES (v_key, 'reopen', 'A later scan shows more than was decided about');
    END IF;
    IF NOT v_new THEN
        UPDATE scrutineer.flag SET body = p_flag, rule_version = p_flag ->> 'rule_version', to_at = (p_flag ->> 'to')::timestamptz,
               score = (p_flag ->> 'score')::double precision, severity = p_flag ->> 'severity'
         WHERE flag_key = v_key;
        DELETE FROM scrutineer.flag_vote WHERE flag_key = v_key;
    END IF;
    PERFORM scrutineer.record_flag_votes(v_key, p_flag);
    RETURN v_result;
END
$$;

-- ", 3 changed: F-1, F-2, F-3"; empty when there are none. At most 100 are named.
CREATE FUNCTION scrutineer.flags_text(p_flags text[], p_what text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN cardinality(p_flags) = 0 THEN ''
                ELSE format(', %s %s: %s%s', cardinality(p_flags), p_what, array_to_string(p_flags[1:100], ', '),
                            CASE WHEN cardinality(p_flags) > 100 THEN ', …' ELSE '' END) END
$$;

CREATE FUNCTION scrutineer.record_flag_votes(p_key text, p_flag jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO scrutineer.flag_vote (flag_key, vote_key, token_key, ordinal, extra)
    SELECT p_key, k.key::scrutineer.vote_key, v.token_key, k.ordinal, e.key IS NOT NULL
      FROM jsonb_array_elements_text(coalesce(p_flag -> 'votes', '[]')) WITH ORDINALITY AS k (key, ordinal)
      LEFT JOIN (SELECT DISTINCT key FROM jsonb_array_elements_text(coalesce(p_flag -> 'extra_votes', '[]')) AS x (key)) e ON e.key = k.key
      LEFT JOIN scrutineer.vote v ON v.vote_key = k.key::scrutineer.vote_key;
END
$$;

CREATE FUNCTION scrutineer.record_flags(request uuid, flags jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_payload  bytea := scrutineer.payload_of(coalesce(flags, 'null'));
    v_answer   jsonb := scrutineer.earlier_answer(request, 'record_flags', v_payload);
    v_flag     jsonb;
    v_outcome  text;
    v_recorded bigint := 0;
    v_known    bigint := 0;
    v_changed  text[] := '{}';
    v_reopened text[] := '{}';
    v_differs  text[] := '{}';
BEGIN
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    ELSIF jsonb_typeof(flags) IS DISTINCT FROM 'array' THEN
        RETURN scrutineer.refused('flags must be a JSON array', '');
    END IF;
    BEGIN
        FOR v_flag IN SELECT f.value FROM jsonb_array_elements(flags) AS f ORDER BY f.value ->> 'flag' LOOP
            v_outcome := scrutineer.record_flag(v_flag);
            IF v_outcome = 'new' THEN
                v_recorded := v_recorded + 1;
            ELSE
                v_known := v_known + 1;
            END IF;
            IF v_outcome = 'changed' THEN
                v_changed := v_changed || (v_flag ->> 'flag');
            ELSIF v_outcome = 'reopened' THEN
                v_reopened := v_reopened || (v_flag ->> 'flag');
            ELSIF v_outcome = 'differs' THEN
                v_differs := v_differs || (v_flag ->> 'flag');
            END IF;
        END LOOP;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        RETURN scrutineer.refused(format('flag %s cannot be recorded: %s', v_flag ->> 'flag', SQLERRM),
                                  'Record flags of a scan of this very source, with a program of the same version.');
    END;
    PERFORM scrutineer.log('record', '', 'done', format('%s new flags, %s known', v_recorded, v_known)
                           || scrutineer.flags_text(v_changed, 'of them changed')
                           || scrutineer.flags_text(v_reopened, 'of them open again, with more than was decided about')
                           || scrutineer.flags_text(v_differs, 'of them differ from what was reviewed'),
                           encode(v_payload, 'hex'));
    RETURN scrutineer.answer(request, 'record_flags', v_payload, jsonb_build_object('recorded', v_recorded, 'known', v_known));
END
$$;

-- Null: the order makes sense.
CREATE FUNCTION scrutineer.review_objection(p_flag text, p_decision text, p_reason text, p_snooze_until timestamptz) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_state text := (SELECT state FROM scrutineer.flag_queue WHERE flag_key = p_flag);
BEGIN
    IF v_state IS NULL THEN
        RETURN scrutineer.refused(format('there is no flag %s', p_flag), 'Load the queue again.');
    ELSIF p_decision IS NULL OR p_decision NOT IN ('confirm', 'dismiss', 'snooze', 'reopen') THEN
        RETURN scrutineer.refused(format('"%s" is not a decision', p_decision), 'Decide confirm, dismiss, snooze or reopen.');
    ELSIF length(p_reason) > 4000 THEN
        RETURN scrutineer.refused('the reason is longer than 4000 characters', 'Shorten it.');
    ELSIF (p_decision = 'snooze') <> (p_snooze_until IS NOT NULL) THEN
        RETURN scrutineer.refused('a snooze, and nothing else, has a time at which it ends', '');
    ELSIF NOT isfinite(p_snooze_until) THEN
        RETURN scrutineer.refused('a snooze ends at some time', 'Dismiss the flag instead.');
    ELSIF p_snooze_until <= clock_timestamp() THEN
        RETURN scrutineer.refused('the snooze would be over already', 'Choose a time in the future.');
    ELSIF v_state = 'voided' THEN
        RETURN scrutineer.refused(format('the votes of %s are voided', p_flag), 'Restore them first; the decision stands until then.');
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION scrutineer.review_flag(request uuid, flag text, decision text, reason text, snooze_until timestamptz, seen_review bigint)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_payload bytea := scrutineer.payload_of(jsonb_build_array($2, $3, $4, CASE WHEN isfinite($5) THEN scrutineer.micros($5) END, $6));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'review_flag', v_payload);
    v_last    scrutineer.review;
BEGIN
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    PERFORM 1 FROM scrutineer.flag f WHERE f.flag_key = $2 FOR UPDATE;
    v_answer := scrutineer.review_objection($2, $3, $4, $5);
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    SELECT * INTO v_last FROM scrutineer.review r WHERE r.flag_key = $2 ORDER BY r.review DESC LIMIT 1;
    IF coalesce(v_last.review, 0) <> coalesce($6, 0) THEN
        RETURN jsonb_build_object('status', 'conflict', 'actor', v_last.actor, 'decision', v_last.decision,
                                  'decided_at', scrutineer.micros(v_last.decided_at), 'review', coalesce(v_last.review, 0));
    END IF;
    INSERT INTO scrutineer.review (flag_key, decision, reason, snooze_until) VALUES ($2, $3, coalesce($4, ''), $5) RETURNING * INTO v_last;
    PERFORM scrutineer.log('review', $2, $3, coalesce($4, ''), encode(scrutineer.payload_of(f.body), 'hex')) FROM scrutineer.flag f WHERE f.flag_key = $2;
    RETURN scrutineer.answer(request, 'review_flag', v_payload,
        jsonb_build_object('review', v_last.review, 'actor', v_last.actor, 'decided_at', scrutineer.micros(v_last.decided_at)));
END
$$;
