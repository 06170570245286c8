-- What every script uses. as_user() runs one query as another login and gives its first field, or the SQLSTATE of its refusal.
\set ON_ERROR_STOP on
SET search_path = tap, pg_catalog;
SET client_min_messages = warning;

CREATE FUNCTION tap.as_user(p_user text, p_sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
BEGIN
    EXECUTE format('SET SESSION AUTHORIZATION %I', p_user);
    BEGIN
        EXECUTE p_sql INTO v_result;
    EXCEPTION WHEN OTHERS THEN
        v_result := SQLSTATE;
    END;
    EXECUTE 'RESET SESSION AUTHORIZATION';
    RETURN v_result;
END
$$;
