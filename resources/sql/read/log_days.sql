SELECT coalesce(to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 'no day') AS day, format('%s entries, SHA-256 %s', count(*), encode(sha256(convert_to(string_agg(
           jsonb_build_array(l.entry_key, extract(epoch FROM l.at), l.actor, l.kind, l.subject, l.outcome, l.detail, l.xid::text)::text, E'\n' ORDER BY l.entry_key), 'UTF8')), 'hex')) AS digest
      FROM scrutineer.log_entry l WHERE l.xid < (SELECT before FROM seen) GROUP BY 1
