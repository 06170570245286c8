-- name: voting_api_minimal
-- group: Roles
-- title: The voting API may call the voting functions and nothing else
-- about: Whoever breaks into the API can then vote, limited and logged, and cannot read, change or delete.
WITH RECURSIVE api (oid) AS (
    SELECT r.oid FROM pg_roles r WHERE r.rolname = 'voting_api'
    UNION SELECT m.member FROM api a JOIN pg_auth_members m ON m.roleid = a.oid
), reach (oid) AS (
    SELECT oid FROM api UNION SELECT m.roleid FROM reach h JOIN pg_auth_members m ON m.member = h.oid
), allowed AS (
    SELECT f.oid::oid AS function FROM scrutineer.safeguard s CROSS JOIN LATERAL regexp_split_to_table(s.value, ' ') AS f (oid) WHERE s.name = 'voting_functions'
), surplus AS (
    SELECT format('%s on %s', x.privilege_type, c.oid::regclass) AS what, format('REVOKE %s ON %s FROM %I;', x.privilege_type, c.oid::regclass, pg_get_userbyid(x.grantee)) AS remedy
      FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) x JOIN reach h ON h.oid = x.grantee WHERE c.relnamespace <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT format('EXECUTE on %s', p.oid::regprocedure), format('REVOKE EXECUTE ON FUNCTION %s FROM %I;', p.oid::regprocedure, pg_get_userbyid(x.grantee))
      FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) x JOIN reach h ON h.oid = x.grantee
     WHERE p.oid NOT IN (SELECT function FROM allowed) AND p.pronamespace <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT format('%s is %s', r.rolname, a.what), format('ALTER ROLE %I %s;', r.rolname, a.closed)
      FROM reach h JOIN pg_roles r ON r.oid = h.oid
      CROSS JOIN LATERAL (VALUES (r.rolsuper, 'a superuser', 'NOSUPERUSER'), (r.rolcreaterole, 'allowed to create roles', 'NOCREATEROLE'),
                                 (r.rolcreatedb, 'allowed to create databases', 'NOCREATEDB'), (r.rolbypassrls, 'allowed to pass by row security', 'NOBYPASSRLS'),
                                 (r.rolreplication, 'allowed to replicate', 'NOREPLICATION')) AS a (holds, what, closed) WHERE a.holds
    UNION ALL
    SELECT format('membership in %s', r.rolname), format('REVOKE %I FROM %I;', r.rolname, 'voting_api')
      FROM reach h JOIN pg_roles r ON r.oid = h.oid WHERE h.oid NOT IN (SELECT oid FROM api)
)
SELECT CASE WHEN NOT EXISTS (SELECT FROM allowed) THEN 'unknown' WHEN EXISTS (SELECT FROM surplus) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN NOT EXISTS (SELECT FROM allowed) THEN 'The adapter does not name the functions one votes by.'
            WHEN EXISTS (SELECT FROM surplus) THEN 'Beyond them: ' || (SELECT string_agg(what, ', ') FROM (SELECT DISTINCT what FROM surplus ORDER BY what LIMIT 20) x)
            ELSE format('EXECUTE on %s functions, for voting_api and %s logins that are members of it.', (SELECT count(*) FROM allowed),
                        (SELECT count(*) FROM api a JOIN pg_roles r ON r.oid = a.oid WHERE r.rolcanlogin)) END AS evidence,
       coalesce((SELECT string_agg(remedy, E'\n') FROM (SELECT DISTINCT remedy FROM surplus ORDER BY remedy LIMIT 40) x), 'Name voting_functions in the view scrutineer.safeguard.') AS remedy
