-- name: nobody_owns
-- group: Roles
-- title: Nobody who logs in owns what they use
-- about: An owner can undo every right and trigger. The tables and functions belong to a role that cannot log in, and nobody is a member of it.
WITH owners AS (
    SELECT DISTINCT r.oid, r.rolname, r.rolcanlogin FROM pg_roles r WHERE EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relowner = r.oid AND n.nspname IN ('scrutineer', 'reference', 'reference_archive', 'unprotected', 'imported'))
        OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proowner = r.oid AND n.nspname IN ('scrutineer', 'reference', 'unprotected', 'imported'))
        OR EXISTS (SELECT FROM pg_namespace n WHERE n.nspowner = r.oid AND n.nspname IN ('scrutineer', 'reference', 'reference_archive', 'unprotected', 'imported'))
), logins AS (
    SELECT rolname, 'owns them' AS how FROM owners WHERE rolcanlogin
    UNION SELECT r.rolname, 'owns the database' FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = current_database() AND r.rolcanlogin AND NOT r.rolsuper
    UNION SELECT r.rolname, 'can become ' || o.rolname FROM owners o JOIN pg_roles r ON r.rolcanlogin AND NOT r.rolsuper AND r.oid <> o.oid AND pg_has_role(r.oid, o.oid, 'MEMBER')
), supers AS (SELECT count(*) AS n, string_agg(rolname, ', ' ORDER BY rolname) AS names FROM pg_roles WHERE rolsuper AND rolcanlogin)
SELECT CASE WHEN EXISTS (SELECT FROM logins) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN EXISTS (SELECT FROM logins) THEN (SELECT string_agg(format('%s %s', rolname, how), ', ' ORDER BY rolname) FROM logins)
            ELSE format('All belong to %s, which cannot log in and has no member that can.', (SELECT string_agg(rolname, ', ') FROM owners)) END
       || format(' Superusers that can log in: %s.', coalesce(u.names, 'none')) AS evidence,
       coalesce((SELECT string_agg(CASE WHEN how = 'owns them' THEN format('-- for each of them: ALTER TABLE, FUNCTION, SCHEMA … OWNER TO scrutineer_owner; now: %I', rolname)
                                        WHEN how = 'owns the database' THEN format('ALTER DATABASE %I OWNER TO scrutineer_owner; -- now: %I', current_database(), rolname)
                                        ELSE format('REVOKE %I FROM %I;', substr(how, 12), rolname) END, E'\n' ORDER BY rolname) FROM logins),
                'Install as a superuser, who takes the role of the owner for that and gives it back.') AS remedy
  FROM supers u
