-- name: rate_limit
-- group: Votes
-- title: A rate limit is published, and the log shows that it holds
-- about: Of burst + 1 accepted votes of a token the last must come at least one period after the first; the log of 30 days is looked through.
WITH site AS (
    SELECT (max(value) FILTER (WHERE name = 'token_rate'))::double precision AS rate, (max(value) FILTER (WHERE name = 'token_burst'))::double precision AS burst
      FROM scrutineer.safeguard
), attempts AS (
    SELECT token_key, attempted_at, outcome FROM scrutineer.attempt WHERE attempted_at > now() - interval '30 days'
), spans AS (
    SELECT a.token_key, a.attempted_at,
           date_part('epoch', a.attempted_at - lag(a.attempted_at, floor(s.burst)::integer) OVER (PARTITION BY a.token_key ORDER BY a.attempted_at)) AS span
      FROM attempts a CROSS JOIN site s WHERE a.outcome = 'accepted' AND a.token_key IS NOT NULL
), over AS (
    -- A microsecond for how times are rounded.
    SELECT p.token_key, p.attempted_at, p.span FROM spans p CROSS JOIN site s WHERE p.span < 1 / s.rate - 1e-6
)
SELECT CASE WHEN c.adapter = 'imported' THEN 'unknown' WHEN s.rate IS NULL OR EXISTS (SELECT FROM over) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN c.adapter = 'imported' THEN 'Nobody votes in an imported history.'
            WHEN s.rate IS NULL THEN 'The voting system publishes no rate limit.'
            WHEN EXISTS (SELECT FROM over)
                THEN (SELECT format('%s times a token had more than %s votes accepted within the time of one; first token %s at %s, within %s s.', count(*), s.burst,
                                    min(token_key::text), min(attempted_at), round(min(span)::numeric, 3)) FROM over)
            ELSE format('%s votes at once and %s a second; of the accepted attempts of 30 days none was beyond it, %s attempts were refused by it.', s.burst, s.rate,
                        (SELECT count(*) FROM attempts WHERE outcome = 'rate_limited')) END AS evidence,
       E'Count the limit inside the lock of the token, as reference.attend() does: a token bucket in the row that is locked.\n'
       'Beside the lock, requests that come together all find the same bucket.' AS remedy
  FROM site s CROSS JOIN scrutineer.source c
