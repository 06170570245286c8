-- name: transport
-- group: Secrets and connections
-- title: Connections over the network are encrypted, passwords are SCRAM
-- about: What is connected now, and what the server asks of those who come. Who connects through a socket of the machine is left out.
WITH me AS (SELECT pg_has_role(session_user, 'pg_read_all_stats', 'MEMBER') OR r.rolsuper AS sees_all FROM pg_roles r WHERE r.rolname = session_user),
remote AS (
    SELECT a.usename, a.client_addr, coalesce(s.ssl, false) AS ssl FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s ON s.pid = a.pid
     WHERE a.backend_type IN ('client backend', 'walsender') AND a.client_addr IS NOT NULL
), methods AS (
    SELECT current_setting('password_encryption') AS made, current_setting('ssl') = 'on' AS offers, current_setting('listen_addresses') <> '' AS listens
), asked AS ( -- as text that is run only by who may: a rule that lets in without TLS from elsewhere, or with less than SCRAM
    SELECT CASE WHEN has_table_privilege(session_user, 'pg_hba_file_rules', 'SELECT') AND has_function_privilege(session_user, 'pg_hba_file_rules()', 'EXECUTE')
                THEN coalesce(substring(query_to_xml($$
                    SELECT string_agg(CASE WHEN r.error IS NOT NULL THEN format('line %s (an error, so that an older file may be in force)', r.line_number)
                                           ELSE format('line %s (%s %s %s)', r.line_number, r.type, coalesce(r.address, 'without an address'), r.auth_method) END,
                                      ', ' ORDER BY r.line_number) AS rules
                      FROM pg_hba_file_rules r
                     WHERE r.error IS NOT NULL OR r.type LIKE 'host%' AND r.auth_method <> 'reject'
                       AND (r.auth_method NOT IN ('scram-sha-256', 'cert', 'gss', 'sspi')
                            OR r.type IN ('host', 'hostnossl')
                               AND NOT (r.address = 'samehost' OR r.address ~ '^127\.' AND r.netmask ~ '^255\.'
                                        OR r.address = '::1' AND r.netmask = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')
                               AND NOT EXISTS ( -- who comes without TLS was sent away before
                                   SELECT FROM pg_hba_file_rules b WHERE b.type = 'hostnossl' AND b.auth_method = 'reject' AND b.line_number < r.line_number
                                      AND b.database = '{all}' AND b.user_name = '{all}' AND b.address = 'all'))
                    $$, false, false, '')::text from '<rules>(.*)</rules>'), '') END AS rules
)
SELECT CASE WHEN EXISTS (SELECT FROM remote WHERE NOT ssl) OR m.made <> 'scram-sha-256' OR m.listens AND (NOT m.offers OR h.rules <> '') THEN 'fails'
            WHEN NOT i.sees_all OR m.listens AND h.rules IS NULL THEN 'unknown' ELSE 'holds' END AS state,
       concat_ws(' ', CASE WHEN EXISTS (SELECT FROM remote WHERE NOT ssl)
                           THEN 'Without TLS: ' || (SELECT string_agg(DISTINCT format('%s from %s', usename, host(client_addr)), ', ') FROM remote WHERE NOT ssl) || '.'
                           WHEN i.sees_all THEN format('%s connections over the network, all of them with TLS.', (SELECT count(*) FROM remote))
                           ELSE 'This login sees its own connection only.' END,
                 CASE WHEN NOT m.listens THEN 'The server does not listen on the network.'
                      WHEN NOT m.offers THEN 'The server listens on the network and offers no TLS.' END,
                 CASE WHEN m.listens AND h.rules <> '' THEN 'pg_hba.conf lets in without TLS or with less than SCRAM, or cannot be read: ' || h.rules || '.'
                      WHEN m.listens AND h.rules = '' THEN 'Every rule of pg_hba.conf asks for TLS, and for SCRAM or a certificate.'
                      WHEN m.listens THEN 'This login may not read the rules of pg_hba.conf.' END,
                 format('New passwords are kept as %s.', m.made)) AS evidence,
       concat_ws(E'\n', CASE WHEN NOT i.sees_all THEN format('GRANT pg_read_all_stats TO %I; -- to see the connections of others', session_user) END,
                 CASE WHEN m.listens AND h.rules IS NULL
                      THEN format(E'GRANT SELECT ON pg_hba_file_rules TO %1$I; -- to see what the server asks of those who come\n'
                                  'GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO %1$I;', session_user) END,
                 '-- pg_hba.conf: hostssl in place of host, scram-sha-256 in place of md5 and password; then SELECT pg_reload_conf();',
                 CASE WHEN m.made <> 'scram-sha-256' THEN 'ALTER SYSTEM SET password_encryption = ''scram-sha-256''; -- then set every password anew' END) AS remedy
  FROM me i CROSS JOIN methods m CROSS JOIN asked h
