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

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['control_run', 'control_check'] LOOP
        EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON scrutineer.%I FOR EACH ROW EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
        EXECUTE format('CREATE TRIGGER not_emptied BEFORE TRUNCATE ON scrutineer.%I FOR EACH STATEMENT EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
    END LOOP;
END
$$;

ALTER TABLE scrutineer.flag DROP CONSTRAINT flag_subject_kind_check;
ALTER TABLE scrutineer.flag ADD CONSTRAINT flag_subject_kind_check CHECK (subject_kind IN ('token', 'counter', 'post', 'group', 'subnet', 'control'));

-- Whether the control held the last time that it could be told.
CREATE FUNCTION scrutineer.control_held(p_control text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT c.state = 'holds' FROM scrutineer.control_check c
                      WHERE c.control = p_control AND c.state <> 'unknown' ORDER BY c.run DESC LIMIT 1), false)
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
            IF v_control ->> 'state' = 'fails' AND scrutineer.control_held(v_control ->> 'control') THEN
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
                           || scrutineer.flags_text(v_fell, 'fell'));
    RETURN scrutineer.answer(request, 'record_controls', v_payload, jsonb_build_object('run', v_run, 'fell', to_jsonb(v_fell)));
END
$$;
