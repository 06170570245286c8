-- name: reader_cannot_write
-- group: Roles
-- title: This login cannot write
-- about: Every way in which it could, from the catalogue: rights of its own, of PUBLIC, and of every role it can become.
WITH hole AS (
/* read_only_proof */
)
SELECT CASE WHEN EXISTS (SELECT FROM hole) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN EXISTS (SELECT FROM hole) THEN format('%s ways: ', (SELECT count(*) FROM hole)) || (SELECT string_agg(what, '; ') FROM (SELECT what FROM hole ORDER BY what LIMIT 20) x)
            ELSE format('%s can write in none of the ways that were looked for.', session_user) END AS evidence,
       CASE WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN 'Check with a login of its own that has the role scrutineer_reader and no other; leave this one as it is.'
            ELSE coalesce((SELECT string_agg(remedy, E'\n') FROM (SELECT DISTINCT remedy FROM hole ORDER BY remedy LIMIT 40) x), 'Use a login with the role scrutineer_reader and no other.') END AS remedy
