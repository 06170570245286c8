-- name: lock_before_check
-- group: Votes
-- title: A vote is looked for only under its token's lock
-- about: Two requests that both find no vote both store one, unless the second has to wait for the first before it looks.
WITH known AS ( -- what this program installs: a line for each function, its name and the SHA-256 of its source
    SELECT split_part(line, ' ', 1) AS name, split_part(line, ' ', 2) AS sha256
      FROM regexp_split_to_table(coalesce(nullif(current_setting('scrutineer.known_functions', true), ''), 'reference.nothing -'), E'\n') AS line
     WHERE line LIKE 'reference.%'
), installed AS (
    SELECT n.nspname || '.' || p.proname AS name, encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') AS sha256, p.prosecdef, p.proconfig
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'reference'
), differing AS (
    SELECT k.name FROM known k WHERE NOT EXISTS (SELECT FROM installed i WHERE i.name = k.name AND i.sha256 = k.sha256)
    UNION -- another body under the same name
    SELECT i.name FROM installed i JOIN known k ON k.name = i.name GROUP BY i.name HAVING count(DISTINCT i.sha256) > count(DISTINCT k.sha256)
    UNION -- an owner's function that looks names up elsewhere
    SELECT name FROM installed WHERE prosecdef AND NOT coalesce(proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)
    UNION SELECT name FROM installed WHERE NOT prosecdef AND EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%' AND c <> 'search_path=pg_catalog, pg_temp')
    UNION
    SELECT format('the trigger %s of reference.%s', t.trigger, t.name)
      FROM (VALUES ('post', 'follow_closing'), ('vote_event', 'follow_events')) AS t (name, trigger)
     WHERE NOT EXISTS (SELECT FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'reference' AND c.relname = t.name AND g.tgname = t.trigger AND g.tgenabled IN ('O', 'A'))
), entry AS (
    SELECT p.oid::regprocedure::text AS name, n.nspname || '.' || p.proname AS function
      FROM scrutineer.safeguard s JOIN pg_proc p ON p.oid = s.value::oid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE s.name = 'entry_function'
), raced AS ( -- what the race lab found on a copy, where its report was given (--race)
    SELECT r.what, r.broke, r.is_this AND EXISTS (SELECT FROM entry e WHERE e.function = r.function) AS is_this
      FROM nullif(current_setting('scrutineer.raced', true), '') AS given (text)
     CROSS JOIN LATERAL jsonb_to_record(given.text::jsonb) AS r (function text, is_this boolean, what text, broke text)
     WHERE given.text IS NOT NULL
)
SELECT CASE WHEN r.is_this AND r.broke <> '' THEN 'fails'
            WHEN src.adapter <> 'reference' AND r.is_this THEN 'holds' -- ours is looked up; what else stands there is not made right by a race
            WHEN src.adapter = 'reference' AND NOT EXISTS (SELECT FROM differing) THEN 'holds'
            WHEN src.adapter IN ('reference', 'unprotected') THEN 'fails' ELSE 'unknown' END AS state,
       concat_ws(' ', CASE WHEN r.is_this AND r.broke <> '' THEN format('Raced on a copy (%s), it broke: %s.', r.what, r.broke)
            WHEN src.adapter <> 'reference' AND r.is_this THEN NULL
            WHEN src.adapter = 'reference' AND NOT EXISTS (SELECT FROM differing)
                THEN format('The source of all %s voting functions in the catalogue is what this version installs, and was raced.', (SELECT count(*) FROM known))
            WHEN src.adapter = 'reference' THEN 'Not as they were installed: ' || (SELECT string_agg(name, ', ' ORDER BY name) FROM differing) || '.'
            WHEN src.adapter = 'unprotected' THEN (SELECT name FROM entry LIMIT 1) || ' takes no lock before it looks for a vote.'
            WHEN EXISTS (SELECT FROM entry) THEN 'Whether ' || (SELECT name FROM entry LIMIT 1) || ' locks before it looks, reading it does not prove.'
            ELSE 'Nobody votes through a function of this database.' END,
            CASE WHEN r.is_this AND r.broke = ''
                     THEN format('Raced on a copy (%s), nothing broke; the functions of its schema, its triggers and keys are the same here.', r.what)
                 WHEN NOT r.is_this THEN 'What was raced on a copy is not what is installed here.' END) AS evidence,
       CASE WHEN src.adapter = 'reference' THEN 'Put the installed functions back from resources/sql/reference of this version, and find out who changed them and when.'
            WHEN EXISTS (SELECT FROM entry) THEN E'Lock the row of the token in one statement and look for the vote in the next, at READ COMMITTED:\n'
                 'SELECT 1 FROM token WHERE token_key = $1 FOR NO KEY UPDATE;\nSELECT 1 FROM vote WHERE token_key = $1 AND post_key = $2;\n'
                 'Then try it on a copy that is marked staging, and show what came of it:\n'
                 'scrutineerctl race --service STAGING-owner --rounds 1000 --format jsonl > race.jsonl\n'
                 'scrutineerctl controls --service SITE --race race.jsonl'
            ELSE 'Try the voting system in the race lab, on a copy that is marked staging: scrutineerctl race --service STAGING' END AS remedy
  FROM scrutineer.source src LEFT JOIN raced r ON true
