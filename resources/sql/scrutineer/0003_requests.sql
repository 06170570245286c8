CREATE FUNCTION scrutineer.micros(p_at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (extract(epoch FROM p_at) * 1000000)::bigint $$;

CREATE FUNCTION scrutineer.refused(p_reason text, p_remedy text DEFAULT '') RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_build_object('status', 'refused', 'reason', p_reason, 'remedy', p_remedy) $$;

CREATE FUNCTION scrutineer.payload_of(p_asked jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$ SELECT sha256(convert_to(p_asked::text, 'UTF8')) $$;

-- A lock that only who may call these functions can take: an advisory lock is anybody's, a reader's too.
CREATE TABLE scrutineer.request_gate (gate smallint PRIMARY KEY);
INSERT INTO scrutineer.request_gate SELECT generate_series(0, 1023);

-- First in the lock order: whoever sends the same id at the same time waits here, and then finds the answer. Null: go ahead.
CREATE FUNCTION scrutineer.pass_gate(p_request uuid) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RETURN scrutineer.refused('the functions that write look again after they locked, which needs READ COMMITTED',
                                  'Send the call in a READ COMMITTED transaction.');
    ELSIF p_request IS NULL THEN
        RETURN scrutineer.refused('the request has no id', 'Make a UUID for it and send that.');
    END IF;
    PERFORM 1 FROM scrutineer.request_gate WHERE gate = hashtextextended(p_request::text, 0) & 1023 FOR NO KEY UPDATE;
    RETURN NULL;
END
$$;

-- What was answered to that request before. Null: nothing, go ahead.
CREATE FUNCTION scrutineer.earlier_answer(p_request uuid, p_function text, p_payload bytea) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_refused jsonb := scrutineer.pass_gate(p_request);
    v_known   scrutineer.answered_request;
BEGIN
    IF v_refused IS NOT NULL THEN
        RETURN v_refused;
    END IF;
    SELECT * INTO v_known FROM scrutineer.answered_request WHERE request_id = p_request AND function = p_function;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF v_known.answer ->> 'status' = 'given up' THEN
        RETURN scrutineer.refused(format('%s gave this request up', v_known.actor), 'Make a new request.');
    ELSIF v_known.actor <> session_user THEN -- a proposal's id, by which others approve or withdraw it too
        RETURN scrutineer.refused(format('%s has done this already', v_known.actor), 'Load the list of voids again.');
    ELSIF v_known.payload <> p_payload AND p_function <> 'withdraw_proposal' THEN -- withdrawn is withdrawn, for whatever reason
        RETURN scrutineer.refused('this request id was used for something else', 'Make a new request.');
    END IF;
    RETURN v_known.answer || '{"status": "repeated"}';
END
$$;

CREATE FUNCTION scrutineer.answer(p_request uuid, p_function text, p_payload bytea, p_answer jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_answer jsonb := p_answer || '{"status": "done"}';
BEGIN
    INSERT INTO scrutineer.answered_request (request_id, function, payload, answer) VALUES (p_request, p_function, p_payload, v_answer);
    RETURN v_answer;
END
$$;

CREATE FUNCTION scrutineer.log(p_kind text, p_subject text, p_outcome text, p_detail text, p_digest text DEFAULT NULL) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO scrutineer.log_entry (kind, subject, outcome, detail, digest) VALUES (p_kind, p_subject, p_outcome, p_detail, p_digest);
$$;

CREATE FUNCTION scrutineer.log_export(request uuid, detail text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_payload bytea := scrutineer.payload_of(jsonb_build_array(detail));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'log_export', v_payload);
BEGIN
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    ELSIF coalesce(detail, '') = '' OR length(detail) > 4000 THEN
        RETURN scrutineer.refused('an export is logged with 1 to 4000 characters that say what left', '');
    END IF;
    PERFORM scrutineer.log('export', '', 'done', detail);
    RETURN scrutineer.answer(request, 'log_export', v_payload, '{}');
END
$$;

-- For a request whose sender never had an answer and no longer wants it: if it was carried out, its answer; if not, it never will be, should
-- it arrive yet. An approval or a withdrawal is not kept from arriving (`final` is false): its id is the proposal's, and others may send it too.
CREATE FUNCTION scrutineer.give_up_request(request uuid, sent text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_kind    text := CASE sent WHEN 'void_votes' THEN 'void' WHEN 'restore_votes' THEN 'restore' WHEN 'propose_void' THEN 'propose'
                                WHEN 'review_flag' THEN 'review' WHEN 'log_export' THEN 'export'
                                WHEN 'approve_void' THEN 'void' WHEN 'withdraw_proposal' THEN 'withdraw' WHEN 'accept_control' THEN 'accept' END;
    v_final   boolean := sent NOT IN ('approve_void', 'withdraw_proposal');
    v_refused jsonb;
    v_known   scrutineer.answered_request;
BEGIN
    IF v_kind IS NULL THEN
        RETURN scrutineer.refused('there is no such request', 'Name the function that was called.');
    ELSIF NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'scrutineer'::regnamespace AND p.proname = sent
                         AND has_function_privilege(session_user, p.oid, 'EXECUTE')) THEN
        RETURN scrutineer.refused(format('you may not call %s', sent), 'Who sent the request gives it up.');
    END IF;
    v_refused := scrutineer.pass_gate(request);
    IF v_refused IS NOT NULL THEN
        RETURN v_refused;
    END IF;
    SELECT * INTO v_known FROM scrutineer.answered_request WHERE request_id = request AND function = sent;
    IF FOUND AND v_known.answer ->> 'status' = 'done' THEN
        RETURN v_known.answer || jsonb_build_object('carried_out', true, 'by', v_known.actor, 'by_you', v_known.actor = session_user);
    ELSIF NOT FOUND AND v_final THEN
        INSERT INTO scrutineer.answered_request (request_id, function, payload, answer)
        VALUES (request, sent, scrutineer.payload_of('null'), '{"status": "given up"}');
        PERFORM scrutineer.log(v_kind, request::text, 'given up', 'given up before it arrived');
    END IF;
    RETURN jsonb_build_object('status', 'done', 'carried_out', false, 'final', v_final,
        'proposal', (SELECT h.state FROM scrutineer.void_history h WHERE NOT v_final AND h.request_id = request));
END
$$;
