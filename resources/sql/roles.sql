-- Roles belong to the whole server, so another database may have made them already.
DO $$
DECLARE
    v_role text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['scrutineer_owner', 'voting_api', 'scrutineer_reader', 'scrutineer_moderator', 'scrutineer_admin',
                                  'scrutineer_sealer', 'scrutineer_auditor'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', v_role);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    IF NOT pg_has_role(session_user, 'scrutineer_owner', 'MEMBER') THEN
        EXECUTE format('GRANT scrutineer_owner TO %I', session_user);
    END IF;
    IF NOT has_database_privilege('scrutineer_owner', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO scrutineer_owner', current_database());
    END IF;
END
$$;
