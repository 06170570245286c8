-- name: independent_audit
-- group: Audit log
-- title: Somebody independent has audited within 90 days
-- about: A report counts when who exported it can neither void, nor review, nor own anything: an auditor's login and no other.
WITH exports AS (
    SELECT l.at, l.actor, l.detail, r.oid IS NOT NULL AND NOT r.rolsuper AND NOT r.rolcreaterole AND pg_has_role(r.oid, 'scrutineer_auditor', 'MEMBER') AND NOT EXISTS (
               SELECT FROM unnest(ARRAY['scrutineer_moderator', 'scrutineer_admin', 'scrutineer_owner', 'scrutineer_sealer', 'voting_api', 'pg_write_all_data',
                                  'pg_write_server_files', 'pg_execute_server_program']) AS o (name)
                WHERE pg_has_role(r.oid, o.name, 'MEMBER')) AS independent
      FROM scrutineer.log_entry l LEFT JOIN pg_roles r ON r.rolname = l.actor WHERE l.kind = 'export' AND l.outcome = 'done'
), last AS (SELECT * FROM exports WHERE independent ORDER BY at DESC LIMIT 1)
SELECT CASE WHEN EXISTS (SELECT FROM last WHERE at > now() - interval '90 days') THEN 'holds' ELSE 'fails' END AS state,
       CASE WHEN EXISTS (SELECT FROM last) THEN (SELECT format('Last by %s on %s: %s', actor, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), left(detail, 200)) FROM last)
            ELSE format('Of %s exports on record none was made by a login that is an auditor and nothing else.', (SELECT count(*) FROM exports)) END AS evidence,
       E'Give an auditor a login of their own and let them export a report with it:\n'
       'scrutineerctl init --service OWNER --create-login NAME:auditor\nscrutineerctl export --service SITE --report report.html' AS remedy
