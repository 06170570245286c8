-- name: attempts_complete
-- group: Audit log
-- title: Every counted vote has its accepted attempt, and every accepted attempt its vote
-- about: A vote without an attempt came past the entry function; an accepted attempt without a vote was lost. Votes and attempts of 30 days.
WITH logged AS (
    SELECT a.vote_key, a.attempt_key, a.attempted_at FROM scrutineer.attempt a WHERE a.outcome = 'accepted' AND a.attempted_at > now() - interval '30 days'
), votes AS (
    SELECT v.vote_key, v.cast_at, v.state FROM scrutineer.vote v WHERE v.cast_at > now() - interval '30 days'
), unlogged AS (
    SELECT v.vote_key FROM votes v WHERE v.state = 'counted' AND NOT EXISTS (SELECT FROM logged l WHERE l.vote_key = v.vote_key)
), unstored AS (
    SELECT l.attempt_key FROM logged l WHERE NOT EXISTS (SELECT FROM scrutineer.vote v WHERE v.vote_key = l.vote_key)
), has AS (SELECT available, detail FROM scrutineer.capability WHERE name = 'has_attempts')
SELECT CASE WHEN NOT h.available THEN 'unknown' WHEN EXISTS (SELECT FROM unlogged) OR EXISTS (SELECT FROM unstored) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN NOT h.available THEN 'The source has no attempt log: ' || h.detail
            ELSE format('%s votes and %s accepted attempts of 30 days were compared: %s votes have no attempt%s, %s attempts have no vote%s.',
                        (SELECT count(*) FROM votes), (SELECT count(*) FROM logged), (SELECT count(*) FROM unlogged),
                        coalesce(' (' || (SELECT string_agg(vote_key::text, ', ') FROM (SELECT vote_key FROM unlogged ORDER BY vote_key LIMIT 5) x) || ' …)', ''),
                        (SELECT count(*) FROM unstored),
                        coalesce(' (' || (SELECT string_agg(attempt_key::text, ', ') FROM (SELECT attempt_key FROM unstored ORDER BY attempt_key LIMIT 5) x) || ' …)', '')) END AS evidence,
       E'Take the right to write votes from everybody but the owner of the entry function, and look at the votes named:\n'
       'scrutineerctl scan --service SITE, detector "Votes past the attempt log"' AS remedy
  FROM has h
