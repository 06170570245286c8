-- name: sealed_in_time
-- group: Audit log
-- title: Entries are sealed as they are written
-- about: What no signed checkpoint covers can be altered or taken out, and nobody could tell. A sealer that runs leaves an entry unsigned for about a second.
WITH head AS (
    SELECT h.epoch, h.size, h.seen FROM scrutineer.seal_head h ORDER BY h.epoch DESC LIMIT 1
), signed AS (
    SELECT c.size, c.signed_at FROM scrutineer.checkpoint c WHERE c.epoch = (SELECT epoch FROM head) ORDER BY c.size DESC LIMIT 1
), waiting AS ( -- what the last sealing did not see
    SELECT count(*) AS entries, min(w.at) AS since
      FROM ((SELECT e.at FROM scrutineer.entry e WHERE e.xid >= (SELECT pg_snapshot_xmax(seen) FROM head) LIMIT 100000)
            UNION ALL
            SELECT e.at FROM scrutineer.entry e WHERE e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(seen) FROM head))) w
), facts AS (
    SELECT (SELECT size FROM signed) AS size, (SELECT signed_at FROM signed) AS signed_at, w.entries + (SELECT h.size FROM head h) - (SELECT size FROM signed) AS unsigned,
           w.since < now() - interval '2 minutes' OR (SELECT h.size FROM head h) > (SELECT size FROM signed) AS waits,
           (SELECT a.what FROM scrutineer.seal_alarm a WHERE a.epoch = (SELECT epoch FROM head) AND a.at > coalesce((SELECT signed_at FROM signed), '-infinity')
             ORDER BY a.alarm DESC LIMIT 1) AS refused
      FROM waiting w
), judged AS (
    SELECT f.*, f.waits AND f.signed_at < now() - interval '2 minutes' AS is_late FROM facts f
)
SELECT CASE WHEN size IS NULL OR refused IS NOT NULL OR is_late THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN refused IS NOT NULL THEN format('The sealer refuses to sign: %s.', rtrim(refused, '.'))
            WHEN size IS NULL THEN 'No checkpoint of this log was ever signed: whoever owns the database can alter all of it.'
            WHEN is_late THEN format('%s%s entries are not signed; the newest checkpoint, of %s, is of %s.', unsigned, CASE WHEN unsigned >= 100000 THEN ' or more' ELSE '' END, size,
                                     to_char(signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))
            ELSE format('%s entries are signed, and no other waits for more than 2 minutes.', size) END AS evidence,
       CASE WHEN refused IS NOT NULL THEN E'Find out why before anything is sealed anew:\nscrutineerctl verify --service SITE --key FILE'
            ELSE E'On a machine that the owner of the database cannot reach:\nscrutineerctl seal --service SEALER --key FILE --follow\n'
                 'or the unit: systemctl --user enable --now scrutineer-seal@SEALER' END AS remedy
  FROM judged
