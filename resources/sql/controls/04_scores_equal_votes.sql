-- name: scores_equal_votes
-- group: Votes
-- title: Cached scores equal the sum of their votes
-- about: A score that differs from its rows was written past them, or an update of it was lost in a race.
WITH counted AS (SELECT post_key, sum(value::double precision) AS score FROM scrutineer.vote WHERE state = 'counted' GROUP BY post_key),
compared AS (
    SELECT p.post_key, p.counter::double precision AS shown, coalesce(c.score, 0) AS score
      FROM scrutineer.post p LEFT JOIN counted c ON c.post_key = p.post_key WHERE p.counter IS NOT NULL
), wrong AS (
    SELECT post_key, shown, score FROM compared WHERE abs(shown - score) > 1e-6
)
SELECT CASE WHEN NOT (SELECT available FROM scrutineer.capability WHERE name = 'has_counter') OR NOT EXISTS (SELECT FROM compared) THEN 'unknown'
            WHEN EXISTS (SELECT FROM wrong) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN NOT (SELECT available FROM scrutineer.capability WHERE name = 'has_counter') OR NOT EXISTS (SELECT FROM compared)
                THEN CASE WHEN EXISTS (SELECT FROM scrutineer.post) THEN 'The source shows no cached scores.' ELSE 'There are no posts yet.' END
            ELSE format('%s of %s scores differ from their votes', (SELECT count(*) FROM wrong), (SELECT count(*) FROM compared))
                 || coalesce((SELECT format(', the largest by %s: post %s shows %s, its votes sum to %s.', abs(shown - score), post_key, shown, score)
                                FROM wrong ORDER BY abs(shown - score) DESC, post_key LIMIT 1), '.') END AS evidence,
       E'Scan for counter drift to see since when, and then let the scores be counted anew from the rows, under a lock of each post:\n'
       'scrutineerctl scan --service SITE --format table' AS remedy
