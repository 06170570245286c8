-- name: two_persons
-- group: Roles
-- title: A void needs two people
-- about: That who approves is not who asked is a constraint of the table, and the rule is on.
WITH rule AS (
    SELECT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = to_regclass('scrutineer.void_execution') AND c.contype = 'c' AND c.convalidated
                      AND pg_get_constraintdef(c.oid) = 'CHECK (((NOT two_person) OR (requested_by <> approved_by)))') AS constrained
)
SELECT CASE WHEN s.two_person_rule AND r.constrained THEN 'holds' ELSE 'fails' END AS state,
       format('The rule is %s, the constraint is %s.', CASE WHEN s.two_person_rule THEN 'on' ELSE 'off' END, CASE WHEN r.constrained THEN 'there' ELSE 'gone' END) AS evidence,
       CASE WHEN r.constrained THEN 'scrutineerctl init --service OWNER --two-person on'
            ELSE 'ALTER TABLE scrutineer.void_execution ADD CHECK (NOT two_person OR requested_by <> approved_by);' END AS remedy
  FROM scrutineer.source s CROSS JOIN rule r
