-- Entries that the last sealing of an epoch must have seen and that have no leaf.
SELECT e.log::text, e.entry_key::text, (extract(epoch FROM e.at) * 1000000)::bigint::text
  FROM scrutineer.entry e CROSS JOIN scrutineer.seal_head h
 WHERE h.epoch = $1::integer AND pg_visible_in_snapshot(e.xid, h.seen)
   AND NOT EXISTS (SELECT FROM scrutineer.leaf l WHERE l.epoch = h.epoch AND l.log = e.log AND l.entry_key = e.entry_key)
 LIMIT 1000
