-- name: voting_api_minimal
-- group: Roles
-- title: The voting API may call the voting functions and nothing else
-- about: Whoever breaks into the API can then vote, limited and logged, and cannot read, change or delete.
WITH RECURSIVE api (oid) AS (
    SELECT r.oid FROM pg_roles r WHERE r.rolname = 'voting_api'
    UNION SELECT m.member FROM api a JOIN pg_auth_members m ON m.roleid = a.oid
), reach (oid, through, member) AS ( -- roles that the API or one of its logins can become
    SELECT oid, NULL::oid, NULL::oid FROM api
    UNION SELECT m.roleid, coalesce(h.through, m.roleid), coalesce(h.member, m.member) FROM reach h JOIN pg_auth_members m ON m.member = h.oid
), grantee (oid) AS (
    SELECT oid FROM reach UNION SELECT 0
), allowed AS (
    SELECT f.oid::oid AS function FROM scrutineer.safeguard s CROSS JOIN LATERAL regexp_split_to_table(s.value, ' ') AS f (oid) WHERE s.name = 'voting_functions'
), schemas AS ( -- those that are none of the server's own
    SELECT oid FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\_%'
), surplus AS (
    SELECT format('%s on %s', x.privilege_type, c.oid::regclass) AS what,
           format('REVOKE %s ON %s FROM %s;', x.privilege_type, c.oid::regclass, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END) AS remedy
      FROM pg_class c JOIN schemas n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) x JOIN grantee g ON g.oid = x.grantee
    UNION ALL
    SELECT format('%s (%I) on %s', x.privilege_type, t.attname, c.oid::regclass),
           format('REVOKE %s (%I) ON %s FROM %s;', x.privilege_type, t.attname, c.oid::regclass, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END)
      FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN schemas n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(t.attacl) x JOIN grantee g ON g.oid = x.grantee
    UNION ALL -- what anybody may call matters where it runs with its owner's rights
    SELECT format('EXECUTE on %s', p.oid::regprocedure),
           format('REVOKE EXECUTE ON FUNCTION %s FROM %s;', p.oid::regprocedure, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END)
      FROM pg_proc p JOIN schemas n ON n.oid = p.pronamespace CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x JOIN grantee g ON g.oid = x.grantee
     WHERE p.oid NOT IN (SELECT function FROM allowed) AND (x.grantee <> 0 OR p.prosecdef) AND x.grantee <> p.proowner
    UNION ALL
    SELECT format('%s is %s', r.rolname, a.what), format('ALTER ROLE %I %s;', r.rolname, a.closed)
      FROM reach h JOIN pg_roles r ON r.oid = h.oid
      CROSS JOIN LATERAL (VALUES (r.rolsuper, 'a superuser', 'NOSUPERUSER'), (r.rolcreaterole, 'allowed to create roles', 'NOCREATEROLE'),
                                 (r.rolcreatedb, 'allowed to create databases', 'NOCREATEDB'), (r.rolbypassrls, 'allowed to pass by row security', 'NOBYPASSRLS'),
                                 (r.rolreplication, 'allowed to replicate', 'NOREPLICATION')) AS a (holds, what, closed) WHERE a.holds
    UNION ALL
    SELECT format('%s can become %s', pg_get_userbyid(h.member), pg_get_userbyid(h.oid)), format('REVOKE %I FROM %I;', pg_get_userbyid(h.through), pg_get_userbyid(h.member))
      FROM reach h WHERE h.oid NOT IN (SELECT oid FROM api)
), callable AS (
    SELECT count(*) AS n FROM allowed a JOIN pg_proc p ON p.oid = a.function WHERE has_function_privilege('voting_api', a.function, 'EXECUTE')
)
SELECT CASE WHEN NOT EXISTS (SELECT FROM allowed) THEN 'unknown' WHEN EXISTS (SELECT FROM surplus) OR k.n = 0 THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN NOT EXISTS (SELECT FROM allowed) THEN 'The adapter does not name the functions one votes by.'
            WHEN EXISTS (SELECT FROM surplus) THEN 'Beyond them: ' || (SELECT string_agg(what, ', ') FROM (SELECT DISTINCT what FROM surplus ORDER BY what LIMIT 20) x) || '.'
            WHEN k.n = 0 THEN 'It may call none of them: nobody can vote.'
            ELSE format('EXECUTE on %s of %s voting functions, and nothing else, for voting_api; logins that are members of it: %s.', k.n, (SELECT count(*) FROM allowed),
                        (SELECT count(*) FROM api a JOIN pg_roles r ON r.oid = a.oid WHERE r.rolcanlogin)) END AS evidence,
       coalesce((SELECT string_agg(remedy, E'\n') FROM (SELECT DISTINCT remedy FROM surplus ORDER BY remedy LIMIT 40) x),
                CASE WHEN EXISTS (SELECT FROM allowed) THEN 'scrutineerctl init --service OWNER -- renews the grants' ELSE 'Name voting_functions in the view scrutineer.safeguard.' END) AS remedy
  FROM callable k
