-- name: append_only
-- group: Audit log
-- title: Votes and logs only grow
-- about: A trigger that fires for everybody refuses to change, delete or empty the tables of the record, partition by partition.
WITH named AS (
    SELECT t.oid::oid AS table_oid FROM scrutineer.safeguard s CROSS JOIN LATERAL regexp_split_to_table(s.value, ' ') AS t (oid) WHERE s.name = 'record_tables'
    UNION SELECT c.oid FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid AND g.tgname = 'only_grows' WHERE c.relnamespace = to_regnamespace('scrutineer')
    UNION SELECT to_regclass('scrutineer.log_entry')
), tables AS (
    SELECT table_oid FROM named WHERE table_oid IS NOT NULL
    UNION SELECT p.relid FROM named CROSS JOIN LATERAL pg_partition_tree(table_oid) p WHERE table_oid IS NOT NULL
    UNION SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'reference_archive' AND c.relkind = 'r'
), guarded AS (
    SELECT t.table_oid, bool_or(g.tgtype & 16 <> 0) AS no_update, bool_or(g.tgtype & 8 <> 0) AS no_delete, bool_or(g.tgtype & 32 <> 0) AS no_truncate
      FROM tables t
      LEFT JOIN pg_trigger g ON g.tgrelid = t.table_oid AND g.tgenabled IN ('O', 'A') AND g.tgtype & 2 <> 0
       AND (SELECT p.proname FROM pg_proc p WHERE p.oid = g.tgfoid) = 'refuse_change'
     GROUP BY t.table_oid
), open AS (
    SELECT table_oid::regclass::text AS name, concat_ws('/', CASE WHEN no_update IS NOT TRUE THEN 'UPDATE' END, CASE WHEN no_delete IS NOT TRUE THEN 'DELETE' END,
                                                       CASE WHEN no_truncate IS NOT TRUE THEN 'TRUNCATE' END) AS what
      FROM guarded WHERE (no_update AND no_delete AND no_truncate) IS NOT TRUE
)
SELECT CASE WHEN EXISTS (SELECT FROM open) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN EXISTS (SELECT FROM open) THEN 'Open: ' || (SELECT string_agg(name || ' to ' || what, ', ' ORDER BY name) FROM (SELECT * FROM open ORDER BY name LIMIT 20) x)
            ELSE format('%s tables, partitions among them, refuse UPDATE, DELETE and TRUNCATE.', (SELECT count(*) FROM tables)) END AS evidence,
       coalesce((SELECT string_agg(format('ALTER TABLE %s ENABLE TRIGGER ALL;', name), E'\n' ORDER BY name) FROM (SELECT * FROM open ORDER BY name LIMIT 20) x), '')
       || E'\n-- Where the trigger is gone, make it again:\n'
       '-- CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON … FOR EACH ROW EXECUTE FUNCTION scrutineer.refuse_change();' AS remedy
