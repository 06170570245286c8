-- name: attempts_complete
-- group: Audit log
-- title: Votes and changes match their accepted attempts
-- about: A vote or a change without an attempt came past the entry function; an accepted attempt without a vote was lost. 30 days, of them the newest million votes.
WITH votes AS (
    SELECT v.vote_key, v.cast_at, v.state FROM scrutineer.vote v WHERE v.cast_at > now() - interval '30 days' ORDER BY v.cast_at DESC LIMIT 1000000
), span AS (
    SELECT CASE WHEN count(*) < 1000000 THEN now() - interval '30 days' ELSE min(cast_at) END AS since FROM votes
), logged AS ( -- an attempt begins before its vote is stored, by as long as it waited
    SELECT a.vote_key, a.attempt_key, a.attempted_at FROM scrutineer.attempt a
     WHERE a.outcome = 'accepted' AND a.attempted_at > (SELECT since - interval '1 hour' FROM span)
), unlogged AS (
    SELECT v.vote_key FROM votes v WHERE v.state = 'counted' AND NOT EXISTS (SELECT FROM logged l WHERE l.vote_key = v.vote_key)
), unstored AS (
    SELECT l.attempt_key FROM logged l CROSS JOIN span s WHERE l.attempted_at >= s.since AND NOT EXISTS (SELECT FROM scrutineer.vote v WHERE v.vote_key = l.vote_key)
), tries AS (
    SELECT l.vote_key, count(*) AS n, count(*) FILTER (WHERE l.attempted_at >= s.since) AS since FROM logged l CROSS JOIN span s GROUP BY l.vote_key
), changes AS (
    SELECT c.vote_key, count(*) AS n FROM scrutineer.vote_change c WHERE c.at > (SELECT since FROM span) GROUP BY c.vote_key
), unlike AS ( -- one attempt cast the vote, and one made each change; of an older vote the cast lies before these
    SELECT coalesce(t.vote_key, c.vote_key) AS vote_key FROM tries t FULL JOIN changes c ON c.vote_key = t.vote_key
      LEFT JOIN votes v ON v.vote_key = coalesce(t.vote_key, c.vote_key)
     WHERE (SELECT adapter FROM scrutineer.source) <> 'imported' -- whose site may have changed votes and kept no events
       AND CASE WHEN v.vote_key IS NULL THEN coalesce(t.n, 0) < coalesce(c.n, 0) OR coalesce(t.since, 0) > coalesce(c.n, 0)
                WHEN t.n IS NULL THEN coalesce(c.n, 0) > 0 ELSE t.n <> 1 + coalesce(c.n, 0) END
), has AS (SELECT available, detail FROM scrutineer.capability WHERE name = 'has_attempts')
SELECT CASE WHEN NOT h.available THEN 'unknown' WHEN EXISTS (SELECT FROM unlogged) OR EXISTS (SELECT FROM unstored) OR EXISTS (SELECT FROM unlike) THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN NOT h.available THEN 'The source has no attempt log: ' || h.detail || '.'
            ELSE format('%s votes since %s were compared with %s accepted attempts: %s votes have no attempt%s, %s attempts have no vote%s, of %s votes the changes and the attempts differ%s.',
                        (SELECT count(*) FROM votes), (SELECT to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') FROM span), (SELECT count(*) FROM logged), (SELECT count(*) FROM unlogged),
                        coalesce(' (' || (SELECT string_agg(vote_key::text, ', ') FROM (SELECT vote_key FROM unlogged ORDER BY vote_key LIMIT 5) x) || ' …)', ''),
                        (SELECT count(*) FROM unstored),
                        coalesce(' (' || (SELECT string_agg(attempt_key::text, ', ') FROM (SELECT attempt_key FROM unstored ORDER BY attempt_key LIMIT 5) x) || ' …)', ''),
                        (SELECT count(*) FROM unlike),
                        coalesce(' (' || (SELECT string_agg(vote_key::text, ', ') FROM (SELECT vote_key FROM unlike ORDER BY vote_key LIMIT 5) x) || ' …)', '')) END AS evidence,
       E'Take the right to write votes from everybody but the owner of the entry function, and look at the votes named:\n'
       'scrutineerctl scan --service SITE, detector "Votes past the attempt log"' AS remedy
  FROM has h
