CREATE FUNCTION scrutineer.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%.% only grows: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['review', 'flag_version', 'answered_request', 'void_request', 'void_request_flag', 'void_request_vote',
                                   'void_execution', 'void_withdrawal', 'vote_void', 'vote_restore', 'log_entry'] LOOP
        EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON scrutineer.%I '
                       'FOR EACH ROW EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
        EXECUTE format('CREATE TRIGGER not_emptied BEFORE TRUNCATE ON scrutineer.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
    END LOOP;
END
$$;
