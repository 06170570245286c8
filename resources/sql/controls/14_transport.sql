-- name: transport
-- group: Secrets and connections
-- title: Connections over the network are encrypted, passwords are SCRAM
-- about: What is connected now, and what the server asks of those who come. Who connects through a socket of the machine is left out.
WITH me AS (SELECT pg_has_role(session_user, 'pg_read_all_stats', 'MEMBER') OR r.rolsuper AS sees_all, r.rolsuper AS super FROM pg_roles r WHERE r.rolname = session_user),
remote AS (
    SELECT a.usename, a.client_addr, coalesce(s.ssl, false) AS ssl FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s ON s.pid = a.pid
     WHERE a.backend_type IN ('client backend', 'walsender') AND a.client_addr IS NOT NULL
), methods AS (
    SELECT current_setting('password_encryption') AS made, current_setting('ssl') = 'on' AS offers, current_setting('listen_addresses') <> '' AS listens
)
SELECT CASE WHEN EXISTS (SELECT FROM remote WHERE NOT ssl) OR m.made <> 'scram-sha-256' OR m.listens AND NOT m.offers THEN 'fails'
            WHEN NOT i.sees_all THEN 'unknown' ELSE 'holds' END AS state,
       concat_ws(' ', CASE WHEN EXISTS (SELECT FROM remote WHERE NOT ssl)
                           THEN 'Without TLS: ' || (SELECT string_agg(DISTINCT format('%s from %s', usename, host(client_addr)), ', ') FROM remote WHERE NOT ssl) || '.'
                           WHEN i.sees_all THEN format('%s connections over the network, all of them with TLS.', (SELECT count(*) FROM remote))
                           ELSE 'This login sees its own connection only.' END,
                 CASE WHEN m.listens AND NOT m.offers THEN 'The server listens on the network and offers no TLS.' END,
                 format('New passwords are kept as %s.', m.made)) AS evidence,
       concat_ws(E'\n', CASE WHEN NOT i.sees_all THEN format('GRANT pg_read_all_stats TO %I; -- to see the connections of others', session_user) END,
                 '-- pg_hba.conf: hostssl in place of host, scram-sha-256 in place of md5 and password; then SELECT pg_reload_conf();',
                 CASE WHEN m.made <> 'scram-sha-256' THEN 'ALTER SYSTEM SET password_encryption = ''scram-sha-256''; -- then set every password anew' END) AS remedy
  FROM me i CROSS JOIN methods m
