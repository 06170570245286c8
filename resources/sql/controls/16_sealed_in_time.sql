-- name: sealed_in_time
-- group: Audit log
-- title: Entries are sealed as they are written
-- about: What no signed checkpoint covers can be altered or taken out, and nobody could tell. A sealer that runs leaves an entry unsigned for about a second. Whether the signatures are good tells scrutineerctl verify.
WITH head AS (
    SELECT h.epoch, h.size, h.seen FROM scrutineer.seal_head h ORDER BY h.epoch DESC LIMIT 1
), signed AS (
    SELECT c.size, c.signed_at FROM scrutineer.checkpoint c WHERE c.epoch = (SELECT epoch FROM head) ORDER BY c.size DESC LIMIT 1
), waiting AS ( -- what the last sealing did not see, and the first that has a place and no signature
    SELECT count(*) AS entries, min(w.at) AS since
      FROM ((SELECT e.at FROM scrutineer.entry e WHERE e.xid >= (SELECT pg_snapshot_xmax(seen) FROM head) LIMIT 100000)
            UNION ALL
            SELECT e.at FROM scrutineer.entry e WHERE e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(seen) FROM head))
            UNION ALL
            SELECT l.at FROM scrutineer.leaf l WHERE l.epoch = (SELECT epoch FROM head) AND l.leaf = (SELECT size FROM signed)) w
), facts AS (
    SELECT (SELECT size FROM signed) AS size, (SELECT signed_at FROM signed) AS signed_at,
           w.entries + greatest((SELECT h.size FROM head h) - (SELECT size FROM signed) - 1, 0) AS unsigned, w.since < now() - interval '2 minutes' AS is_late,
           (SELECT signed_at FROM signed) > now() + interval '2 minutes' OR (SELECT h.size FROM head h) < (SELECT size FROM signed) AS is_impossible,
           pg_snapshot_xmax(pg_current_snapshot()) < (SELECT pg_snapshot_xmax(seen) FROM head) AS began_anew,
           (SELECT a.what FROM scrutineer.seal_alarm a WHERE a.epoch = (SELECT epoch FROM head) AND a.at > coalesce((SELECT signed_at FROM signed), '-infinity')
             ORDER BY a.alarm DESC LIMIT 1) AS refused
      FROM waiting w
)
SELECT CASE WHEN size IS NULL OR refused IS NOT NULL OR began_anew OR is_impossible OR is_late THEN 'fails' ELSE 'holds' END AS state,
       CASE WHEN refused IS NOT NULL THEN format('The sealer refuses to sign: %s.', rtrim(refused, '.'))
            WHEN size IS NULL THEN 'There is no checkpoint of this log: whoever owns the database can alter what stands in it.'
            WHEN began_anew THEN 'The server counts its transactions from a lower number than the sealer saw: this is another cluster, or one put back from a backup, and nothing is sealed.'
            WHEN is_impossible THEN 'The newest checkpoint is of a time that has not come yet, or has more entries than the log: somebody altered one of them.'
            WHEN is_late THEN format('%s not signed, the oldest for more than 2 minutes; the newest checkpoint, of %s, is of %s.',
                                     CASE WHEN unsigned = 1 THEN '1 entry is' WHEN unsigned >= 100000 THEN 'More than 100000 entries are' ELSE unsigned || ' entries are' END, size,
                                     to_char(signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))
            ELSE format('%s entries have a checkpoint, and no other waits for more than 2 minutes.', size) END AS evidence,
       CASE WHEN refused IS NOT NULL OR began_anew OR is_impossible THEN E'Find out why before anything is sealed anew:\nscrutineerctl verify --service SITE --key FILE'
            ELSE E'On a machine that the owner of the database cannot reach:\nscrutineerctl seal --service SEALER --key FILE --follow\n'
                 'or the unit: systemctl --user enable --now scrutineer-seal@SEALER' END AS remedy
  FROM facts
