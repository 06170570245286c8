-- name: rate_limit
-- group: Votes
-- title: A rate limit is published, and the log shows that it holds
-- about: Whether any token had more votes accepted than its bucket can have held; the newest million attempts of 30 days.
WITH site AS (
    SELECT (max(value) FILTER (WHERE name = 'token_rate'))::double precision AS rate, (max(value) FILTER (WHERE name = 'token_burst'))::double precision AS burst
      FROM scrutineer.safeguard
), attempts AS (
    SELECT token_key, attempted_at, outcome FROM scrutineer.attempt WHERE attempted_at > now() - interval '30 days' ORDER BY attempted_at DESC LIMIT 1000000
), numbered AS (
    SELECT a.token_key, a.attempted_at, row_number() OVER w AS n, row_number() OVER w - s.rate * date_part('epoch', a.attempted_at - now()) AS ahead
      FROM attempts a CROSS JOIN site s WHERE a.outcome = 'accepted' AND a.token_key IS NOT NULL
    WINDOW w AS (PARTITION BY a.token_key ORDER BY a.attempted_at)
), over AS (
    -- From any vote to any later one: their number less what came back meanwhile is at most the burst. A thousandth for how times are rounded.
    SELECT m.token_key, m.attempted_at, m.above FROM (
        SELECT token_key, attempted_at, ahead - min(ahead) OVER (PARTITION BY token_key ORDER BY n) + 1 AS above FROM numbered) m
      CROSS JOIN site s WHERE m.above > s.burst + 0.001
)
SELECT CASE WHEN c.adapter = 'imported' THEN 'unknown' WHEN s.rate IS NULL OR EXISTS (SELECT FROM over) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN c.adapter = 'imported' THEN 'Nobody votes in an imported history.'
            WHEN s.rate IS NULL THEN 'The voting system publishes no rate limit.'
            WHEN EXISTS (SELECT FROM over)
                THEN (SELECT format('%s votes of %s tokens were accepted past the limit of %s at once and %s a second, first at %s; if the limit was made stricter since then, that is all.',
                                    count(*), count(DISTINCT token_key), s.burst, s.rate, to_char(min(attempted_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS "UTC"')) FROM over)
            ELSE format('%s votes at once and %s a second; of %s attempts since %s none was accepted beyond it, %s were refused by it.', s.burst, s.rate,
                        (SELECT count(*) FROM attempts), coalesce((SELECT to_char(min(attempted_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') FROM attempts), 'ever'), (SELECT count(*) FROM attempts WHERE outcome = 'rate_limited')) END AS evidence,
       E'Count the limit inside the lock of the token, as reference.attend() does: a token bucket in the row that is locked.\n'
       'Beside the lock, requests that come together all find the same bucket.' AS remedy
  FROM site s CROSS JOIN scrutineer.source c
