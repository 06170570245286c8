/* The SHA-256 of what decides how a schema ($1) takes votes: its functions, the triggers of its tables with theirs, its unique keys, and the settings
   of those who may call them that change what a lock is worth. So what was raced on staging can be told from what is installed elsewhere. Partitions are made as months
   begin, so of them counts only what differs from their parents. Read with search_path pg_catalog. */
WITH tables AS (
    SELECT c.oid, c.relispartition FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
), triggers AS (
    SELECT g.* , t.relispartition, p.tgenabled AS parents FROM pg_trigger g JOIN tables t ON t.oid = g.tgrelid LEFT JOIN pg_trigger p ON p.oid = g.tgparentid
     WHERE NOT g.tgisinternal OR g.tgparentid <> 0
), functions AS (
    SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1
    UNION SELECT tgfoid FROM triggers
)
SELECT encode(sha256(convert_to(coalesce(string_agg(c.line, E'\n' ORDER BY c.line COLLATE "C"), ''), 'UTF8')), 'hex')
  FROM (SELECT pg_get_functiondef(p.oid) AS line FROM functions f JOIN pg_proc p ON p.oid = f.oid
         WHERE p.prokind IN ('f', 'p') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('trigger %s %s', tgenabled, pg_get_triggerdef(oid)) FROM triggers
         WHERE CASE WHEN NOT relispartition THEN true WHEN tgparentid <> 0 THEN tgenabled <> parents ELSE tgtype & 32 = 0 END -- 32: of TRUNCATE
        UNION ALL
        SELECT format('key %s %s', i.indimmediate, pg_get_indexdef(i.indexrelid)) FROM pg_index i JOIN tables t ON t.oid = i.indrelid
         WHERE i.indisunique AND i.indisvalid AND NOT (t.relispartition AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid))
        UNION ALL
        SELECT pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN tables t ON t.oid = r.ev_class WHERE r.rulename <> '_RETURN'
        UNION ALL
        SELECT DISTINCT 'setting ' || s.setting FROM pg_db_role_setting d CROSS JOIN unnest(d.setconfig) AS s (setting)
         WHERE (d.setrole = 0 OR EXISTS (SELECT FROM functions f WHERE has_function_privilege(d.setrole, f.oid, 'EXECUTE')))
           AND d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
           AND s.setting ~ '^(default_transaction_isolation|session_replication_role)=') AS c
