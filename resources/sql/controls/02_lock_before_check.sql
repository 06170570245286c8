-- name: lock_before_check
-- group: Votes
-- title: A vote is looked for only under its token's lock
-- about: Two requests that both find no vote both store one, unless the second has to wait for the first before it looks.
WITH known AS ( -- what this program installs: a line for each function, its name and the SHA-256 of its source
    SELECT split_part(line, ' ', 1) AS name, split_part(line, ' ', 2) AS sha256
      FROM regexp_split_to_table(coalesce(nullif(current_setting('scrutineer.known_functions', true), ''), '- -'), E'\n') AS line
), installed AS (
    SELECT n.nspname || '.' || p.proname AS name, encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') AS sha256
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'reference'
), differing AS (
    SELECT k.name, i.sha256 FROM known k LEFT JOIN installed i ON i.name = k.name AND i.sha256 = k.sha256 WHERE i.name IS NULL
), entry AS (
    SELECT p.oid::regprocedure::text AS name, p.prosrc ~* '\mfor\s+(no\s+key\s+)?update\M|\mpg_advisory_xact_lock\M|\mlock\s+table\M' AS locks
      FROM scrutineer.safeguard s JOIN pg_proc p ON p.oid = s.value::oid WHERE s.name = 'entry_function'
)
SELECT CASE WHEN src.adapter = 'reference' AND NOT EXISTS (SELECT FROM differing) THEN 'holds'
            WHEN src.adapter = 'reference' OR EXISTS (SELECT FROM entry WHERE NOT locks) THEN 'fails'
            ELSE 'unknown' END AS state,
       CASE WHEN src.adapter = 'reference' AND NOT EXISTS (SELECT FROM differing)
                THEN format('All %s voting functions in the catalogue have the source that was reviewed and raced.', (SELECT count(*) FROM known))
            WHEN src.adapter = 'reference' THEN 'These functions are not the ones that were installed: ' || (SELECT string_agg(name, ', ' ORDER BY name) FROM differing)
            WHEN EXISTS (SELECT FROM entry WHERE NOT locks) THEN (SELECT name FROM entry LIMIT 1) || ' takes no lock before it looks for a vote.'
            WHEN EXISTS (SELECT FROM entry) THEN (SELECT name FROM entry LIMIT 1) || ' takes a lock; whether it looks again under it, reading it does not prove.'
            ELSE 'Nobody votes through a function of this database.' END AS evidence,
       CASE WHEN src.adapter = 'reference' THEN 'Put the installed functions back from resources/sql/reference of this version, and find out who changed them and when.'
            WHEN EXISTS (SELECT FROM entry) THEN E'Lock the row of the token in one statement and look for the vote in the next, at READ COMMITTED:\n'
                 'SELECT 1 FROM token WHERE token_key = $1 FOR NO KEY UPDATE;\nSELECT 1 FROM vote WHERE token_key = $1 AND post_key = $2;\n'
                 'Then try it on a staging copy: scrutineerctl race --service STAGING'
            ELSE 'Try the voting system in the race lab, on a copy that is marked staging.' END AS remedy
  FROM scrutineer.source src
