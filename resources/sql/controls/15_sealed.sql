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
           (SELECT count(*) FROM differing) AS differing, pg_snapshot_xmax(pg_current_snapshot()) < (SELECT before FROM seen) AS began_anew, (SELECT count(*) FROM scrutineer.log_entry) AS entries,
           (SELECT count(*) FROM scrutineer.log_entry l WHERE l.xid < (SELECT before FROM seen)) AS seen
)
SELECT CASE WHEN at IS NULL THEN 'unknown' WHEN differing > 0 OR began_anew THEN 'fails' WHEN at < now() - interval '7 days' THEN 'unknown' ELSE 'holds' END AS state,
       CASE WHEN at IS NULL THEN format('Nothing is kept here of what the log was. It has %s entries; who owns the database could alter them, and nobody here could tell.', entries)
            WHEN differing > 0 THEN format('The log is not what it was on %s: of %s days the entries differ (%s).', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), differing, days)
            WHEN began_anew THEN 'The server counts its transactions from a lower number than it did: this is another cluster, or one put back from a backup.'
            ELSE format('%s of its %s entries are what they were on %s%s.', seen, entries, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
                        CASE WHEN at < now() - interval '7 days' THEN '; that is more than 7 days ago, and of the newer ones nothing is kept' ELSE '' END) END AS evidence,
       CASE WHEN differing > 0 OR began_anew
            THEN E'Keep the file of ~/.local/state/scrutineer/seen as evidence, and compare the days named with a backup or an auditor''s export. When it is\n'
                 'explained, move that file away: the next check on record keeps a new one.\n'
                 '-- Who could: those who own the database or may become its owner\nSELECT rolname FROM pg_roles WHERE rolcanlogin AND pg_has_role(oid, ''scrutineer_owner'', ''MEMBER'');'
            ELSE E'Check on a timer, on a machine that the owner of the database cannot reach:\nscrutineerctl controls --service SITE --record' END AS remedy
  FROM facts
