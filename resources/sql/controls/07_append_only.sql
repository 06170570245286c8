-- name: append_only
-- group: Audit log
-- title: Votes and logs only grow
-- about: A trigger without conditions refuses to change, delete or empty the tables of the record, partition by partition, and no setting turns triggers off.
WITH site AS (
    SELECT t.oid::oid AS table_oid FROM scrutineer.safeguard s CROSS JOIN LATERAL regexp_split_to_table(s.value, ' ') AS t (oid) WHERE s.name = 'record_tables'
), ours AS (
    SELECT t.name, c.oid AS table_oid
      FROM unnest(ARRAY['review', 'flag_version', 'answered_request', 'void_request', 'void_request_flag', 'void_request_vote', 'void_execution', 'void_withdrawal',
                        'vote_void', 'vote_restore', 'log_entry', 'control_run', 'control_check', 'control_acceptance',
                        'pseudonym_key', 'log_epoch', 'leaf', 'subtree', 'checkpoint', 'cosignature', 'seal_alarm']) AS t (name)
      LEFT JOIN (pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'scrutineer') ON c.relname = t.name
), tables AS (
    SELECT table_oid FROM site UNION SELECT p.relid FROM site CROSS JOIN LATERAL pg_partition_tree(table_oid) p
    UNION SELECT table_oid FROM ours WHERE table_oid IS NOT NULL
    UNION SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'reference_archive' AND c.relkind = 'r'
), known AS (
    SELECT split_part(line, ' ', 1) AS name, split_part(line, ' ', 2) AS sha256
      FROM regexp_split_to_table(coalesce(current_setting('scrutineer.known_functions', true), ''), E'\n') AS line
), refusing AS ( -- functions that refuse, by the source that this program installs
    SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      JOIN known k ON k.name = n.nspname || '.' || p.proname AND k.sha256 = encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex')
     WHERE p.proname = 'refuse_change' AND n.nspname IN ('scrutineer', 'reference')
), guarded AS (
    SELECT t.table_oid, bool_or(g.tgtype & 16 <> 0 AND g.tgattr::text = '') AS no_update, bool_or(g.tgtype & 8 <> 0) AS no_delete, bool_or(g.tgtype & 32 <> 0) AS no_truncate
      FROM tables t
      LEFT JOIN pg_trigger g ON g.tgrelid = t.table_oid AND g.tgenabled IN ('O', 'A') AND g.tgtype & 2 <> 0 AND g.tgqual IS NULL AND g.tgfoid IN (SELECT oid FROM refusing)
     GROUP BY t.table_oid
), open AS (
    SELECT table_oid::regclass::text AS name, concat_ws('/', CASE WHEN no_update IS NOT TRUE THEN 'UPDATE' END, CASE WHEN no_delete IS NOT TRUE THEN 'DELETE' END,
                                                       CASE WHEN no_truncate IS NOT TRUE THEN 'TRUNCATE' END) AS what
      FROM guarded WHERE (no_update AND no_delete AND no_truncate) IS NOT TRUE
    UNION ALL SELECT 'scrutineer.' || name, 'everything: it is gone' FROM ours WHERE table_oid IS NULL
    UNION ALL SELECT 'all of them', 'whoever has the setting ' || c FROM pg_db_role_setting r CROSS JOIN LATERAL unnest(r.setconfig) AS c
               WHERE c LIKE 'session_replication_role=%' AND r.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
)
SELECT CASE WHEN EXISTS (SELECT FROM open) THEN 'fails' WHEN NOT EXISTS (SELECT FROM site) THEN 'unknown' ELSE 'holds' END AS state,
       CASE WHEN EXISTS (SELECT FROM open) THEN 'Open: ' || (SELECT string_agg(name || ' to ' || what, ', ' ORDER BY name) FROM (SELECT * FROM open ORDER BY name LIMIT 20) x) || '.'
            ELSE format('%s tables, partitions among them, refuse UPDATE, DELETE and TRUNCATE.', (SELECT count(*) FROM tables))
                 || CASE WHEN EXISTS (SELECT FROM site) THEN '' ELSE ' The adapter does not name the tables of the site''s own record.' END END AS evidence,
       CASE WHEN EXISTS (SELECT FROM open)
            THEN coalesce((SELECT string_agg(format('ALTER TABLE %s ENABLE TRIGGER only_grows; ALTER TABLE %1$s ENABLE TRIGGER not_emptied;', name), E'\n' ORDER BY name)
                             FROM (SELECT * FROM open WHERE what !~ ':|setting' ORDER BY name LIMIT 20) x), '')
                 || E'\n-- Where a trigger is gone or has conditions, make it anew:\n'
                 '-- CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON … FOR EACH ROW EXECUTE FUNCTION scrutineer.refuse_change();\n'
                 '-- CREATE TRIGGER not_emptied BEFORE TRUNCATE ON … FOR EACH STATEMENT EXECUTE FUNCTION scrutineer.refuse_change();'
            ELSE 'Name record_tables in the view scrutineer.safeguard.' END AS remedy
