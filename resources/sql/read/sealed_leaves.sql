-- Leaves of an epoch in order, each with the entry that it stands for, and with that entry made again from the columns as this program reads
-- them everywhere else: from the contract's views. The form is that of the triggers in scrutineer/0008.
SELECT l.leaf, l.hash, e.entry, c.copy
  FROM scrutineer.leaf l
  CROSS JOIN scrutineer.pseudonym_key k
  LEFT JOIN LATERAL (SELECT n.entry FROM scrutineer.entry n WHERE n.log = l.log AND n.entry_key = l.entry_key AND n.at = l.at LIMIT 1) e ON true
  LEFT JOIN LATERAL (
      SELECT convert_to(concat('{"action":"', a.action, '","at":', (extract(epoch FROM a.attempted_at) * 1000000)::bigint,
                               ',"finished":', coalesce((extract(epoch FROM a.finished_at) * 1000000)::bigint::text, 'null'),
                               ',"key":"', a.attempt_key, '","kind":"attempt","origin":',
                               coalesce('"' || encode(substr(sha256(k.outer_pad || sha256(k.inner_pad || convert_to('origin ' || a.origin, 'UTF8'))), 1, 16), 'hex') || '"', 'null'),
                               ',"outcome":"', a.outcome, '","post":', coalesce(to_json(a.post_key::text)::text, 'null'),
                               ',"request":', coalesce(to_json(a.request_key)::text, 'null'), ',"sqlstate":', coalesce(to_json(a.sqlstate)::text, 'null'),
                               ',"token":', coalesce('"' || encode(substr(sha256(k.outer_pad || sha256(k.inner_pad || convert_to('token ' || a.token_key, 'UTF8'))), 1, 16), 'hex') || '"', 'null'),
                               ',"v":1,"value":', coalesce('"' || a.value || '"', 'null'), ',"vote":', coalesce(to_json(a.vote_key::text)::text, 'null'), '}'), 'UTF8') AS copy
        FROM scrutineer.attempt a WHERE l.log = 'a' AND a.attempted_at = l.at AND a.attempt_key = l.entry_key
      UNION ALL
      SELECT convert_to(concat('{"actor":', to_json(d.actor), ',"at":', (extract(epoch FROM d.at) * 1000000)::bigint, ',"detail":', to_json(d.detail),
                               ',"digest":', coalesce('"' || d.digest || '"', 'null'), ',"key":"', d.entry_key, '","kind":"', d.kind,
                               '","outcome":', to_json(d.outcome), ',"subject":', to_json(d.subject), ',"v":1}'), 'UTF8')
        FROM scrutineer.log_entry d WHERE l.log = 'd' AND d.entry_key = l.entry_key
      LIMIT 1) c ON true
 WHERE l.epoch = /* epoch */ AND l.leaf >= /* from */ AND l.leaf < /* to */
 ORDER BY l.leaf
