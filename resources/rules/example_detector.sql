-- A detector of your own: copy this file into a folder, change it, and run
--     scrutineerctl scan --service mysite --sql-detectors FOLDER
-- name: night_shift
-- title: One token votes at night only
-- subject: token
-- severity: medium
-- time_limit: 30 s
-- clears_if: Clears if the token is of a person in another time zone.
SELECT token_key AS subject,
       array_agg(vote_key ORDER BY cast_at) AS votes,
       count(*) AS score,
       format('All %s votes of the token were cast between 2 and 5 o''clock UTC, on %s days.',
              count(*), count(DISTINCT (cast_at AT TIME ZONE 'UTC')::date)) AS explanation
  FROM scrutineer.vote
 WHERE state = 'counted'
   AND cast_at >= current_setting('scrutineer.from')::timestamptz
   AND cast_at < current_setting('scrutineer.to')::timestamptz
 GROUP BY token_key
HAVING count(*) >= 20
   AND bool_and(extract(hour FROM cast_at AT TIME ZONE 'UTC') BETWEEN 2 AND 4);
