-- name: sealed
-- group: Audit log
-- title: The log of decisions is what it was
-- about: Who owns the database can alter the log. What a check on record has seen of it is kept outside, where the check ran, day by day as a digest; a later check there finds what was altered, removed or slipped in.
WITH seen AS ( -- what is kept; every transaction before that one had ended, so that nothing can come later with a smaller number
    SELECT (s.log ->> 'before')::xid8 AS before, (s.log ->> 'at')::timestamptz AS at, s.log -> 'days' AS days
      FROM (SELECT nullif(current_setting('scrutineer.seen_log', true), '')::jsonb AS log) s WHERE s.log IS NOT NULL
), now_days AS (
    /* log_days */), differing AS (
    SELECT coalesce(n.day, k.day) AS day FROM now_days n FULL JOIN (SELECT e.key AS day, e.value #>> '{}' AS digest FROM seen CROSS JOIN LATERAL jsonb_each(seen.days) e) k ON k.day = n.day
     WHERE n.digest IS DISTINCT FROM k.digest
), facts AS (
    SELECT (SELECT at FROM seen) AS at, (SELECT string_agg(day, ', ' ORDER BY day) FROM (SELECT day FROM differing ORDER BY day LIMIT 5) d) AS days,
           (SELECT count(*) FROM differing) AS differing, pg_snapshot_xmax(pg_current_snapshot()) < (SELECT before FROM seen) AS began_anew,
           (SELECT c.relkind <> 'r' OR c.relrowsecurity FROM pg_class c WHERE c.oid = 'scrutineer.log_entry'::regclass) AS not_a_table, l.*
      FROM (SELECT count(*) AS entries, count(*) FILTER (WHERE xid < (SELECT before FROM seen)) AS seen, count(*) FILTER (WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS ahead,
                   -- an entry has the time at which it was written; who writes takes seconds
                   count(*) FILTER (WHERE xid >= (SELECT before FROM seen) AND l.at < (SELECT s.at - interval '1 hour' FROM seen s)) AS backdated,
                   count(*) FILTER (WHERE xid >= (SELECT before FROM seen) AND l.at < now() - interval '7 days') AS left_out
              FROM scrutineer.log_entry l) l
)
SELECT CASE WHEN not_a_table THEN 'fails' WHEN at IS NULL THEN 'unknown' WHEN differing > 0 OR began_anew OR backdated > ahead THEN 'fails'
            WHEN ahead > 0 OR left_out > 0 OR at < now() - interval '7 days' THEN 'unknown' ELSE 'holds' END AS state,
       CASE WHEN not_a_table THEN 'scrutineer.log_entry is no plain table, or its rows are hidden from some: what one login sees of it says nothing.'
            WHEN at IS NULL THEN format('Nothing is kept here of what the log was. It has %s entries; who owns the database could alter them, and nobody here could tell.', entries)
            WHEN differing > 0 THEN format('The log is not what it was on %s: of %s days the entries differ (%s).', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), differing, days)
            WHEN began_anew THEN 'The server counts its transactions from a lower number than it did: this is another cluster, or one put back from a backup.'
            WHEN backdated > ahead THEN format('%s entries were written after %s and bear an earlier time.', backdated, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))
            WHEN ahead > 0 THEN format('%s entries bear transaction numbers that this server has not reached: they came with a dump of another cluster, or are forged. Of these nothing is told.', ahead)
            ELSE format('%s of its %s entries are what they were on %s%s.', seen, entries, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
                        CASE WHEN left_out > 0 THEN format('; %s that are older than 7 days were never seen, since a transaction has been open for as long', left_out)
                             WHEN at < now() - interval '7 days' THEN '; that is more than 7 days ago, and of the newer ones nothing is kept' ELSE '' END) END AS evidence,
       CASE WHEN not_a_table OR differing > 0 OR began_anew OR backdated > ahead
            THEN E'Keep the file of ~/.local/state/scrutineer/seen (or $XDG_STATE_HOME) as evidence, and compare with a backup or an auditor''s export. When it\n'
                 'is explained, move that file away on every machine that checks: the next check on record keeps a new one.\n'
                 '-- Who could: those who own the database or may become its owner\nSELECT rolname FROM pg_roles WHERE rolcanlogin AND pg_has_role(oid, ''scrutineer_owner'', ''MEMBER'');'
            ELSE E'Check on a timer, on a machine that the owner of the database cannot reach:\nscrutineerctl controls --service SITE --record' END AS remedy
  FROM facts
