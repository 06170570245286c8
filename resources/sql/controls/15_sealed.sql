-- name: sealed
-- group: Audit log
-- title: The audit log is sealed
-- about: A signed checkpoint of the log, kept outside the database, shows afterwards whether an entry was altered, removed or slipped in.
SELECT 'unknown' AS state,
       format('No checkpoint is on record. The log has %s entries; who owns the database could alter them, and nobody could tell.',
              (SELECT count(*) FROM scrutineer.log_entry)) AS evidence,
       E'Until it is sealed, have an auditor keep what the owner of the database cannot reach, and compare it with the next one:\n'
       'scrutineerctl export --service SITE --attempts attempts.csv --report report.html' AS remedy
