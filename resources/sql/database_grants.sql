-- Done by who installs, not by scrutineer_owner: these belong to the database and to PostgreSQL itself.
DO $$
DECLARE
    v_function regprocedure;
BEGIN
    EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO voting_api, scrutineer_reader, scrutineer_moderator, scrutineer_admin, '
                   'scrutineer_sealer, scrutineer_auditor', current_database());
    IF to_regnamespace('public') IS NOT NULL AND EXISTS (
        SELECT FROM pg_namespace n, aclexplode(n.nspacl) a
         WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE') THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
    -- Anybody may make large objects until this is taken back; where a site uses them it is left alone, and the read-only proof says so.
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND NOT EXISTS (SELECT FROM pg_largeobject_metadata) THEN
        FOR v_function IN
            SELECT p.oid FROM pg_proc p
             WHERE p.pronamespace = 'pg_catalog'::regnamespace
               AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_truncate', 'lo_truncate64', 'lo_unlink')
        LOOP
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', v_function);
        END LOOP;
    END IF;
END
$$;
