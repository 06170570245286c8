-- What the checks of the controls found, one row a control and run. Only grows, as the rest of the record does.
CREATE TABLE scrutineer.control_run (
    run    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor  text NOT NULL DEFAULT session_user
);

CREATE TABLE scrutineer.control_check (
    run      bigint NOT NULL REFERENCES scrutineer.control_run,
    control  text NOT NULL CHECK (control ~ '^[a-z_]{1,60}$'),
    state    text NOT NULL CHECK (state IN ('holds', 'fails', 'unknown')),
    evidence text NOT NULL CHECK (length(evidence) <= 20000),
    took_us  bigint NOT NULL,
    PRIMARY KEY (control, run)
);

-- What somebody saw a control come to and answers for until a day; without a day, what stood before is ended.
CREATE TABLE scrutineer.control_acceptance (
    acceptance bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    control    text NOT NULL CHECK (control ~ '^[a-z_]{1,60}$'),
    state      text NOT NULL CHECK (state IN ('fails', 'unknown')),
    until      timestamptz,
    reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor      text NOT NULL DEFAULT session_user,
    CHECK (until BETWEEN at AND at + interval '367 days')
);
CREATE INDEX control_acceptance_by_control ON scrutineer.control_acceptance (control, acceptance);

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['control_run', 'control_check', 'control_acceptance'] LOOP
        EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON scrutineer.%I FOR EACH ROW EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
        EXECUTE format('CREATE TRIGGER not_emptied BEFORE TRUNCATE ON scrutineer.%I FOR EACH STATEMENT EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
    END LOOP;
END
$$;

ALTER TABLE scrutineer.flag DROP CONSTRAINT flag_subject_kind_check;
ALTER TABLE scrutineer.flag ADD CONSTRAINT flag_subject_kind_check CHECK (subject_kind IN ('token', 'counter', 'post', 'group', 'subnet', 'control'));

-- Whether a control that is now in this state fell: it fails and held the last time that it could be told, or it cannot be told for the second
-- time after it held (a check that ran out of time once is no news).
CREATE FUNCTION scrutineer.control_fell(p_control text, p_state text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE p_state
        WHEN 'fails' THEN coalesce((SELECT c.state = 'holds' FROM scrutineer.control_check c
                                     WHERE c.control = p_control AND c.state <> 'unknown' ORDER BY c.run DESC LIMIT 1), false)
        WHEN 'unknown' THEN (SELECT array_agg(l.state ORDER BY l.run DESC) FROM (SELECT c.state, c.run FROM scrutineer.control_check c
                              WHERE c.control = p_control ORDER BY c.run DESC LIMIT 2) l) IS NOT DISTINCT FROM ARRAY['unknown', 'holds']
        ELSE false END
$$;

-- `controls`: an array of {control, state, evidence, took_us, flag}; the flag is what to raise should the control have fallen. Runs are taken
-- one after the other, so that one fall raises one flag.
CREATE FUNCTION scrutineer.record_controls(request uuid, controls jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_payload bytea := scrutineer.payload_of(coalesce(controls, 'null'));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'record_controls', v_payload);
    v_control jsonb;
    v_run     bigint;
    v_fell    text[] := '{}';
    v_counts  jsonb;
BEGIN
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    ELSIF jsonb_typeof(controls) IS DISTINCT FROM 'array' THEN
        RETURN scrutineer.refused('controls must be a JSON array', '');
    END IF;
    LOCK TABLE scrutineer.control_run IN SHARE ROW EXCLUSIVE MODE;
    BEGIN
        INSERT INTO scrutineer.control_run DEFAULT VALUES RETURNING run INTO v_run;
        FOR v_control IN SELECT c.value FROM jsonb_array_elements(controls) AS c ORDER BY c.value ->> 'control' LOOP
            IF scrutineer.control_fell(v_control ->> 'control', v_control ->> 'state') THEN
                PERFORM scrutineer.record_flag(v_control -> 'flag');
                v_fell := v_fell || (v_control ->> 'control');
            END IF;
            INSERT INTO scrutineer.control_check (run, control, state, evidence, took_us)
            VALUES (v_run, v_control ->> 'control', v_control ->> 'state', left(v_control ->> 'evidence', 20000), (v_control ->> 'took_us')::bigint);
        END LOOP;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        RETURN scrutineer.refused(format('the control %s cannot be recorded: %s', v_control ->> 'control', SQLERRM),
                                  'Record what a program of the same version checked.');
    END;
    SELECT jsonb_object_agg(s.state, s.n) INTO v_counts
      FROM (SELECT state, count(*) AS n FROM scrutineer.control_check WHERE run = v_run GROUP BY state) s;
    PERFORM scrutineer.log('record', '', 'done', format('controls: %s hold, %s fail, %s cannot be checked', coalesce(v_counts ->> 'holds', '0'),
                                                        coalesce(v_counts ->> 'fails', '0'), coalesce(v_counts ->> 'unknown', '0'))
                           || scrutineer.flags_text(v_fell, 'fell'), encode(v_payload, 'hex'));
    RETURN scrutineer.answer(request, 'record_controls', v_payload, jsonb_build_object('run', v_run, 'fell', to_jsonb(v_fell)));
END
$$;

-- For an admin: to answer for a control that was seen in this state, until a day within a year; without a day, no longer to.
CREATE FUNCTION scrutineer.accept_control(request uuid, control text, state text, until timestamptz, reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_payload bytea := scrutineer.payload_of(jsonb_build_array(control, state, CASE WHEN isfinite(until) THEN scrutineer.micros(until) END, reason));
    v_answer  jsonb := scrutineer.earlier_answer(request, 'accept_control', v_payload);
BEGIN
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    ELSIF coalesce(control, '') !~ '^[a-z_]{1,60}$' THEN
        RETURN scrutineer.refused('that is not the name of a control', 'scrutineerctl controls --list names them.');
    ELSIF state IS NULL OR state NOT IN ('fails', 'unknown') THEN
        RETURN scrutineer.refused('a risk is accepted of a control that fails or cannot be checked', 'Check it again.');
    ELSIF coalesce(btrim(reason), '') = '' OR length(reason) > 2000 THEN
        RETURN scrutineer.refused('who answers for a risk says why, in 1 to 2000 characters', 'Give a reason.');
    ELSIF until <= clock_timestamp() OR until > clock_timestamp() + interval '366 days' THEN
        RETURN scrutineer.refused('a risk is accepted until a day within a year', 'Choose such a day, and decide again when it has come.');
    ELSIF until IS NULL AND NOT EXISTS (SELECT FROM scrutineer.control_accepted a WHERE a.control = accept_control.control) THEN
        RETURN scrutineer.refused(format('nobody answers for %s now', control), '');
    END IF;
    INSERT INTO scrutineer.control_acceptance (control, state, until, reason) VALUES (control, state, until, reason);
    PERFORM scrutineer.log('accept', control, CASE WHEN until IS NULL THEN 'ended' ELSE 'done' END,
        CASE WHEN until IS NULL THEN '' ELSE format('that it %s, until %s: ', CASE state WHEN 'fails' THEN 'fails' ELSE 'cannot be checked' END,
                                                    to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')) END || reason);
    RETURN scrutineer.answer(request, 'accept_control', v_payload, '{}');
END
$$;
