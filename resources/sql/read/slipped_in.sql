-- What the log shows and no leaf of the epoch stands for, although the last sealing must have seen it; leaves that are none; keys that are there twice.
WITH head AS (
    SELECT h.epoch, h.size, h.seen FROM scrutineer.seal_head h WHERE h.epoch = $1::integer
), found AS (
    SELECT e.log, e.entry_key, e.at, 'was there when the log was sealed, and was not sealed' AS what
      FROM scrutineer.entry e CROSS JOIN head h
     WHERE coalesce(pg_visible_in_snapshot(e.xid, h.seen), true)
       AND NOT EXISTS (SELECT FROM scrutineer.leaf l WHERE l.epoch = h.epoch AND l.log = e.log AND l.entry_key = e.entry_key AND l.at = e.at
                          AND l.leaf >= 0 AND l.leaf < h.size)
    UNION ALL
    SELECT 'a', a.attempt_key, a.attempted_at, 'is in the log without an entry' FROM scrutineer.attempt a
     WHERE EXISTS (SELECT FROM scrutineer.entry e WHERE e.log = 'a') -- the adapter has them sealed
       AND NOT EXISTS (SELECT FROM scrutineer.entry e WHERE e.log = 'a' AND e.entry_key = a.attempt_key AND e.at = a.attempted_at)
    UNION ALL
    SELECT 'd', d.entry_key, d.at, 'is in the log without an entry' FROM scrutineer.log_entry d
     WHERE NOT EXISTS (SELECT FROM scrutineer.entry e WHERE e.log = 'd' AND e.entry_key = d.entry_key AND e.at = d.at)
    UNION ALL
    SELECT l.log, l.entry_key, l.at, format('has the leaf %s, which is none', l.leaf) FROM scrutineer.leaf l CROSS JOIN head h
     WHERE l.epoch = h.epoch AND (l.leaf < 0 OR l.leaf >= h.size)
    UNION ALL
    SELECT e.log, e.entry_key, max(e.at), 'is there more than once' FROM scrutineer.entry e GROUP BY e.log, e.entry_key HAVING count(*) > 1
)
SELECT log::text, entry_key::text, (extract(epoch FROM at) * 1000000)::bigint::text, what FROM found LIMIT 1000
