-- source: imported
SELECT no_plan();
CREATE FUNCTION tap.found(p_user text) RETURNS text LANGUAGE sql AS $$
    SELECT tap.as_user(p_user, 'SELECT string_agg(DISTINCT kind, '','' ORDER BY kind) FROM tap.proof()') $$;
-- Opens a hole, looks, pastes the remedies, looks again.
CREATE FUNCTION tap.hole(p_open text, p_kind text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    v_remedy text;
BEGIN
    EXECUTE p_open;
    RETURN NEXT is(tap.found('reader'), p_kind, 'found: ' || p_open);
    FOR v_remedy IN EXECUTE format('SELECT unnest(%L::text[])', tap.as_user('reader', 'SELECT array_agg(remedy) FROM tap.proof()')) LOOP
        EXECUTE v_remedy;
    END LOOP;
    RETURN NEXT is(tap.found('reader'), NULL, 'closed by its remedy: ' || p_open);
END
$$;
CREATE TABLE public.other (id serial, note text);
CREATE ROLE staff;
GRANT UPDATE ON public.other TO staff;
CREATE FUNCTION public.wipe() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM imported.vote';
REVOKE ALL ON FUNCTION public.wipe() FROM PUBLIC;
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER there FOREIGN DATA WRAPPER elsewhere;
SELECT lo_create(4711);

SELECT is(tap.found('reader'), NULL, 'a new reader cannot write');
SELECT is(tap.found('auditor'), NULL, 'that an auditor can log an export is no way to write');
SELECT is(tap.found('moderator'), 'security definer function', 'a moderator writes, by functions alone');
SELECT tap.hole(h.open, h.kind) FROM (VALUES
    ('ALTER ROLE reader CREATEDB', 'attribute'), ('ALTER ROLE reader CREATEROLE', 'attribute'), ('ALTER ROLE reader BYPASSRLS', 'attribute'),
    ('ALTER ROLE reader REPLICATION', 'attribute'), ('GRANT INSERT ON public.other TO reader', 'table'), ('GRANT DELETE ON imported.vote TO PUBLIC', 'table'),
    ('GRANT TRUNCATE ON imported.vote TO scrutineer_reader', 'table'), ('GRANT TRIGGER ON imported.vote TO reader', 'table'),
    ('GRANT UPDATE (note) ON public.other TO reader', 'column'), ('GRANT USAGE ON SEQUENCE public.other_id_seq TO reader', 'sequence'),
    ('GRANT CREATE ON SCHEMA public TO PUBLIC', 'schema'), ('GRANT TEMPORARY ON DATABASE tap TO PUBLIC', 'database'),
    ('GRANT CREATE ON DATABASE tap TO reader', 'database'), ('GRANT EXECUTE ON FUNCTION public.wipe() TO PUBLIC', 'security definer function'),
    ('GRANT pg_write_server_files TO reader', 'predefined role'), ('GRANT pg_signal_backend TO reader', 'predefined role'),
    ('GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC', 'large object function'), ('GRANT UPDATE ON LARGE OBJECT 4711 TO reader', 'large object'),
    ('GRANT USAGE ON FOREIGN SERVER there TO reader', 'foreign server'), ('GRANT USAGE ON FOREIGN DATA WRAPPER elsewhere TO reader', 'foreign data wrapper'),
    ('GRANT ALTER SYSTEM ON PARAMETER work_mem TO reader', 'parameter'), ('GRANT EXECUTE ON FUNCTION pg_reload_conf() TO reader', 'server function'),
    ('GRANT CREATE ON TABLESPACE pg_default TO reader', 'tablespace'), ('ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO PUBLIC', 'default privilege'),
    ('GRANT staff TO reader', 'table'), ('ALTER TABLE public.other OWNER TO reader', 'ownership')) AS h (open, kind);
SELECT is((SELECT count(*) FROM tap.kinds()), 20::bigint, 'kinds looked for');
SELECT is((SELECT count(*) FROM tap.kinds() k WHERE strpos((SELECT prosrc FROM pg_proc WHERE proname = 'proof'), '''' || k || '''') = 0), 0::bigint,
          'each of them stands in the query');
GRANT scrutineer_moderator TO reader WITH ADMIN OPTION;
SELECT alike(tap.found('reader'), 'admin option,%', 'membership that may be handed on');
SELECT * FROM finish();
