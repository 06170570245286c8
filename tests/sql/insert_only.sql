-- source: imported
SELECT no_plan();
INSERT INTO scrutineer.log_entry (kind, subject, outcome, detail) VALUES ('export', '', 'done', 'x');
SELECT throws_ok(format('%s scrutineer.%I%s', v.head, t.name, v.tail), '42501', NULL, format('%s %s', v.head, t.name))
  FROM unnest(ARRAY['review', 'flag_version', 'answered_request', 'void_request', 'void_request_flag', 'void_request_vote', 'void_execution',
                    'void_withdrawal', 'vote_void', 'vote_restore', 'log_entry', 'control_run', 'control_check', 'control_acceptance',
                    'pseudonym_key', 'log_epoch', 'leaf', 'subtree', 'checkpoint', 'cosignature', 'seal_alarm']) AS t (name)
  CROSS JOIN (VALUES ('TRUNCATE', ' CASCADE')) AS v (head, tail);
SELECT throws_ok('UPDATE scrutineer.log_entry SET detail = ''''', '42501', NULL, 'UPDATE log_entry');
SELECT throws_ok('DELETE FROM scrutineer.log_entry', '42501', NULL, 'DELETE log_entry');
SELECT is((SELECT count(DISTINCT tgrelid) FROM pg_trigger WHERE tgname = 'only_grows' AND tgrelid::regclass::text LIKE 'scrutineer.%'), 21::bigint,
          'twenty-one tables refuse UPDATE and DELETE');
SELECT throws_ok($$UPDATE scrutineer.setting SET adapter = 'unprotected', environment = 'production'$$, '23514', NULL,
                 'the unprotected system never stands in production');
SELECT * FROM finish();
