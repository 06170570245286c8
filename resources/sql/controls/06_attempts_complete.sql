-- name: attempts_complete
-- group: Audit log
-- title: Every counted vote has its accepted attempt, and every accepted attempt its vote
-- about: A vote without an attempt came past the entry function; an accepted attempt without a vote was lost. The newest million votes of 30 days.
WITH votes AS (
    SELECT v.vote_key, v.cast_at, v.state FROM scrutineer.vote v WHERE v.cast_at > now() - interval '30 days' ORDER BY v.cast_at DESC LIMIT 1000000
), span AS (
    SELECT min(cast_at) AS since FROM votes
), logged AS ( -- an attempt begins before its vote is stored, by as long as it waited
    SELECT a.vote_key, a.attempt_key, a.attempted_at FROM scrutineer.attempt a CROSS JOIN span s WHERE a.outcome = 'accepted' AND a.attempted_at > s.since - interval '1 hour'
), unlogged AS (
    SELECT v.vote_key FROM votes v WHERE v.state = 'counted' AND NOT EXISTS (SELECT FROM logged l WHERE l.vote_key = v.vote_key)
), unstored AS (
    SELECT l.attempt_key FROM logged l CROSS JOIN span s WHERE l.attempted_at >= s.since AND NOT EXISTS (SELECT FROM scrutineer.vote v WHERE v.vote_key = l.vote_key)
), has AS (SELECT available, detail FROM scrutineer.capability WHERE name = 'has_attempts')
SELECT CASE WHEN NOT h.available THEN 'unknown' WHEN EXISTS (SELECT FROM unlogged) OR EXISTS (SELECT FROM unstored) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN NOT h.available THEN 'The source has no attempt log: ' || h.detail || '.'
            WHEN NOT EXISTS (SELECT FROM votes) THEN 'Nobody has voted for 30 days.'
            ELSE format('%s votes since %s were compared with %s accepted attempts: %s votes have no attempt%s, %s attempts have no vote%s.',
                        (SELECT count(*) FROM votes), (SELECT since FROM span), (SELECT count(*) FROM logged), (SELECT count(*) FROM unlogged),
                        coalesce(' (' || (SELECT string_agg(vote_key::text, ', ') FROM (SELECT vote_key FROM unlogged ORDER BY vote_key LIMIT 5) x) || ' …)', ''),
                        (SELECT count(*) FROM unstored),
                        coalesce(' (' || (SELECT string_agg(attempt_key::text, ', ') FROM (SELECT attempt_key FROM unstored ORDER BY attempt_key LIMIT 5) x) || ' …)', '')) END AS evidence,
       E'Take the right to write votes from everybody but the owner of the entry function, and look at the votes named:\n'
       'scrutineerctl scan --service SITE, detector "Votes past the attempt log"' AS remedy
  FROM has h
