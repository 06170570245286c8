-- Every way in which the present login could write, from the catalogue: rights of its own, of PUBLIC, and of every role that it can
-- become. No row: it cannot. Columns: what, remedy (a statement to paste), kind (one of read_only_kinds.sql).
WITH RECURSIVE reach (oid, via) AS (
    SELECT r.oid, NULL::oid FROM pg_roles r WHERE r.rolname = session_user
    UNION
    SELECT m.roleid, coalesce(h.via, m.roleid) FROM reach h JOIN pg_auth_members m ON m.member = h.oid
), grantee (oid, who, via) AS (
    SELECT DISTINCT ON (h.oid) h.oid, pg_get_userbyid(h.oid)::text, h.via FROM reach h
    UNION ALL SELECT 0, 'PUBLIC', NULL
), acl (kind, object, type, acl, written, owner) AS (
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, format('%I.%I', n.nspname, c.relname),
           CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relacl,
           CASE c.relkind WHEN 'S' THEN '{USAGE,UPDATE}' ELSE '{INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}' END::text[], c.relowner
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND c.oid <> 'pg_catalog.pg_settings'::regclass
    UNION ALL SELECT 'schema', format('%I', nspname), 'SCHEMA', nspacl, '{CREATE}', nspowner FROM pg_namespace
    UNION ALL SELECT 'database', format('%I', datname), 'DATABASE', coalesce(datacl, acldefault('d', datdba)), '{CREATE,TEMPORARY}', datdba
      FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT 'language', format('%I', lanname), 'LANGUAGE', lanacl, '{USAGE}', lanowner FROM pg_language WHERE NOT lanpltrusted
    UNION ALL SELECT 'foreign data wrapper', format('%I', fdwname), 'FOREIGN DATA WRAPPER', fdwacl, '{USAGE}', fdwowner FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'foreign server', format('%I', srvname), 'FOREIGN SERVER', srvacl, '{USAGE}', srvowner FROM pg_foreign_server
    UNION ALL SELECT 'tablespace', format('%I', spcname), 'TABLESPACE', spcacl, '{CREATE}', spcowner FROM pg_tablespace
    UNION ALL SELECT 'large object', oid::text, 'LARGE OBJECT', lomacl, '{UPDATE}', lomowner FROM pg_largeobject_metadata
    UNION ALL SELECT 'parameter', parname, 'PARAMETER', paracl, '{SET,"ALTER SYSTEM"}', 10 FROM pg_parameter_acl
    UNION ALL SELECT 'security definer function', p.oid::regprocedure::text, 'FUNCTION', coalesce(p.proacl, acldefault('f', p.proowner)), '{EXECUTE}',
           p.proowner FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prosecdef AND EXISTS (SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) u JOIN grantee g ON g.oid = u.grantee)
    UNION ALL SELECT 'large object function', p.oid::regprocedure::text, 'FUNCTION', coalesce(p.proacl, acldefault('f', p.proowner)), '{EXECUTE}', p.proowner
      FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
       AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_truncate', 'lo_truncate64', 'lo_unlink', 'lo_import', 'lo_export')
    UNION ALL SELECT 'server function', p.oid::regprocedure::text, 'FUNCTION', coalesce(p.proacl, acldefault('f', p.proowner)), '{EXECUTE}', p.proowner
      FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
       AND p.proname IN ('pg_reload_conf', 'pg_rotate_logfile', 'pg_create_restore_point', 'pg_switch_wal', 'pg_promote', 'pg_wal_replay_pause',
                         'pg_wal_replay_resume', 'pg_stat_reset', 'pg_stat_reset_shared', 'pg_stat_reset_single_table_counters',
                         'pg_replication_origin_create', 'pg_replication_origin_drop', 'pg_replication_origin_advance')
    UNION ALL SELECT 'extension function', p.oid::regprocedure::text, 'FUNCTION', coalesce(p.proacl, acldefault('f', p.proowner)), '{EXECUTE}', p.proowner
      FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
      JOIN pg_extension e ON e.oid = d.refobjid
     WHERE e.extname IN ('dblink', 'adminpack', 'pg_cron', 'pg_background', 'pg_net', 'http', 'aws_s3', 'aws_lambda', 'file_fdw', 'pg_file_utils', 'lo')
), granted (kind, object, type, privilege, gid) AS (
    SELECT a.kind, a.object, a.type, x.privilege_type, x.grantee
      FROM acl a CROSS JOIN LATERAL aclexplode(a.acl) x
     WHERE x.privilege_type = ANY (a.written) AND x.grantee <> a.owner
    UNION ALL
    SELECT 'column', format('%I.%I', n.nspname, c.relname), 'TABLE', format('%s (%I)', x.privilege_type, t.attname), x.grantee
      FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL aclexplode(t.attacl) x
     WHERE x.privilege_type IN ('INSERT', 'UPDATE', 'REFERENCES') AND x.grantee <> c.relowner
)
SELECT format('%s may %s on %s %s%s', g.who, d.privilege, lower(d.type), d.object,
              CASE WHEN g.via IS NOT NULL THEN format(', and %s can become %s', session_user, g.who) ELSE '' END) AS what,
       CASE WHEN g.via IS NOT NULL THEN format('REVOKE %I FROM %I;', pg_get_userbyid(g.via), session_user)
            WHEN g.oid = 0 THEN format('REVOKE %s ON %s %s FROM PUBLIC;', d.privilege, d.type, d.object)
            ELSE format('REVOKE %s ON %s %s FROM %I;', d.privilege, d.type, d.object, g.who) END AS remedy,
       d.kind
  FROM granted d JOIN grantee g ON g.oid = d.gid
 -- An auditor's: they add a line under one's own name to the log, or keep such a line from ever being added, and can do no more.
 WHERE d.object NOT IN ('scrutineer.log_export(uuid,text)', 'scrutineer.give_up_request(uuid,text)', 'scrutineer.store_cosignature(integer,bigint,text,text)')
UNION ALL
SELECT format('%s is %s', r.rolname, a.what),
       CASE WHEN g.via IS NULL THEN format('ALTER ROLE %I %s;', r.rolname, a.closed) ELSE format('REVOKE %I FROM %I;', pg_get_userbyid(g.via), session_user) END,
       'attribute'
  FROM grantee g JOIN pg_roles r ON r.oid = g.oid
  CROSS JOIN LATERAL (VALUES (r.rolsuper, 'a superuser', 'NOSUPERUSER'), (r.rolcreaterole, 'allowed to create roles', 'NOCREATEROLE'),
                             (r.rolcreatedb, 'allowed to create databases', 'NOCREATEDB'), (r.rolreplication, 'allowed to replicate', 'NOREPLICATION'),
                             (r.rolbypassrls, 'allowed to pass by row security', 'NOBYPASSRLS')) a (holds, what, closed)
 WHERE a.holds
UNION ALL
SELECT format('%s is a member of %s', session_user, g.who), format('REVOKE %I FROM %I;', pg_get_userbyid(g.via), session_user), 'predefined role'
  FROM grantee g
 WHERE g.who IN ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program', 'pg_signal_backend', 'pg_checkpoint', 'pg_maintain',
                 'pg_create_subscription', 'pg_database_owner', 'pg_signal_autovacuum_worker')
UNION ALL
SELECT format('%s owns %s', g.who, pg_describe_object(s.classid, s.objid, 0)),
       CASE WHEN g.via IS NULL THEN format('REASSIGN OWNED BY %I TO CURRENT_USER;', g.who) ELSE format('REVOKE %I FROM %I;', pg_get_userbyid(g.via), session_user) END,
       'ownership'
  FROM grantee g JOIN pg_shdepend s ON s.refclassid = 'pg_authid'::regclass AND s.refobjid = g.oid AND s.deptype = 'o'
 WHERE s.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
UNION ALL
SELECT format('%s will get %s on %s that %s makes', g.who, x.privilege_type, CASE d.defaclobjtype WHEN 'r' THEN 'tables' ELSE 'sequences' END,
              pg_get_userbyid(d.defaclrole)),
       format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE %s ON %s FROM %s;', pg_get_userbyid(d.defaclrole),
              CASE WHEN d.defaclnamespace <> 0 THEN format(' IN SCHEMA %s', d.defaclnamespace::regnamespace) ELSE '' END, x.privilege_type,
              CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' ELSE 'SEQUENCES' END, CASE g.oid WHEN 0 THEN 'PUBLIC' ELSE quote_ident(g.who) END),
       'default privilege'
  FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) x JOIN grantee g ON g.oid = x.grantee
 WHERE d.defaclobjtype IN ('r', 'S') AND x.grantee <> d.defaclrole
   AND x.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'USAGE')
UNION ALL
SELECT format('%s may hand out membership in %s', session_user, g.who), format('REVOKE ADMIN OPTION FOR %I FROM %I;', g.who, pg_get_userbyid(m.member)),
       'admin option'
  FROM pg_auth_members m JOIN reach h ON h.oid = m.member JOIN grantee g ON g.oid = m.roleid
 WHERE m.admin_option
 ORDER BY 3, 1
