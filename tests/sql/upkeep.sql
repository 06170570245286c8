-- source: reference
SELECT no_plan();
INSERT INTO reference.post (post_key) VALUES (1), (2), (3);
SELECT reference.issue_token('t', 's', 1);

SELECT is(reference.close_post(1), true, 'closed');
SELECT is(reference.close_post(1), false, 'once');
SELECT is((SELECT count(*) FROM reference.tally WHERE post_key = 1 AND closed), 64::bigint, 'its fence stands');
SELECT is((reference.cast_vote('s', 1, 1)).outcome, 'closed', 'no vote passes');
UPDATE reference.tally SET closed = true WHERE post_key = 2;
INSERT INTO reference.tally SELECT 2, g, 0, 0, true FROM generate_series(0, 63) g;
SELECT is((reference.cast_vote('s', 2, 1, NULL, 'r')).outcome, 'closed', 'a vote that saw the post open finds the fence');
SELECT is((SELECT count(*) FROM reference.vote), 0::bigint, 'and leaves nothing');
UPDATE reference.tally SET closed = false WHERE post_key = 2;
SELECT is((reference.cast_vote('s', 2, 1, NULL, 'r')).outcome, 'closed', 'the first answer to a request stays the answer');
UPDATE reference.tally SET closed = true WHERE post_key = 2;
SELECT is((SELECT count(*) FROM reference.attempt WHERE outcome = 'closed'), 3::bigint, 'but its row in the log');
SELECT is(reference.reopen_post(1), true, 'opened again');
SELECT is((reference.cast_vote('s', 1, 1)).outcome, 'accepted', 'it takes votes');
UPDATE reference.post SET closed_at = '2020-01-01' WHERE post_key = 1;
SELECT ok((SELECT closed_at > now() - interval '1 minute' FROM reference.post WHERE post_key = 1), 'whoever closes it: closed when its fence stood');
SELECT is((SELECT count(*) FROM reference.tally WHERE post_key = 1 AND closed), 64::bigint, 'with a fence');

SELECT is((SELECT count(*) FROM pg_inherits WHERE inhparent = 'reference.attempt'::regclass), 5::bigint, 'this month, three ahead, and the rest');
SELECT is((SELECT count(*) FROM reference.attempt_default), 0::bigint, 'attempts go to their month');
SELECT is((SELECT months_made FROM reference.upkeep()), 0, 'nothing to make');
SELECT is(reference.make_months('2025-01-15 UTC', '2025-03-01 UTC'), 3, 'months of an import');
INSERT INTO reference.attempt (token_key, attempted_at, outcome) SELECT 1, timestamptz '2025-01-31 23:59 UTC' + g * interval '1 minute', 'duplicate' FROM generate_series(0, 1) g;
INSERT INTO reference.attempt (token_key, attempted_at, outcome) VALUES (1, '2024-06-01 UTC', 'closed');
SELECT is((SELECT count(*) FROM reference.attempt_2025_01) || '/' || (SELECT count(*) FROM reference.attempt_2025_02) || '/' || (SELECT count(*) FROM reference.attempt_default),
          '1/1/1', 'a month begins in UTC; what has none is logged all the same');
SELECT is(reference.make_months('2024-06-01 UTC', '2024-06-02 UTC'), 0, 'and stays where it is');
CREATE TABLE tap.before AS SELECT attempt_key, attempted_at, outcome FROM scrutineer.attempt;
SELECT is((SELECT months_detached FROM reference.upkeep(interval '6 months')), 3, 'old months are detached');
SELECT results_eq('SELECT attempt_key, attempted_at, outcome FROM scrutineer.attempt ORDER BY 1', 'SELECT * FROM tap.before ORDER BY 1', 'and nothing is lost from the log');
SELECT is((SELECT string_agg(name || ' ' || attempts, ', ' ORDER BY name) FROM reference.attempt_archive), 'attempt_2025_01 1, attempt_2025_02 1, attempt_2025_03 0', 'they are on record');
SELECT throws_ok('DELETE FROM reference_archive.attempt_2025_01', '42501', NULL, 'an archived month only stays: DELETE');
SELECT throws_ok($$INSERT INTO reference_archive.attempt_2025_01 (attempted_at, outcome) VALUES ('2025-01-02 UTC', 'accepted')$$, '42501', NULL, 'INSERT');
SELECT throws_ok('TRUNCATE reference_archive.attempt_2025_01', '42501', NULL, 'TRUNCATE');
SELECT is(reference.make_months('2025-02-01 UTC', '2025-02-02 UTC'), 0, 'an archived month is not made again');
SELECT is(tap.as_user('reader', 'SELECT count(*) FROM scrutineer.attempt'), (SELECT count(*)::text FROM tap.before), 'a reader sees them all');
SELECT throws_ok($$SELECT reference.upkeep('-1 month')$$, '22023', NULL, 'what is yet to come is not old');
SELECT is(reference.detach_months(now() + interval '1 year'), 0, 'nor is this month');
SET TimeZone = 'Asia/Kolkata';
SET DateStyle = 'SQL';
SELECT is(reference.make_months('2030-01-15', '2030-01-16'), 1, 'a month is made');
RESET TimeZone;
RESET DateStyle;
SELECT alike((SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'attempt_2030_01'), '%2030-01-01 00:00:00+00%2030-02-01 00:00:00+00%', 'in UTC, wherever it is made');

INSERT INTO reference.request (token_key, request_key, action, outcome, answered_at) VALUES (1, 'old', 'cast', 'duplicate', now() - interval '31 days'), (1, 'new', 'cast', 'duplicate', now());
INSERT INTO reference.origin_bucket VALUES ('192.0.2.1', now() - interval '1 day', false), ('192.0.2.2', now() + interval '1 day', false);
SELECT is((SELECT requests_forgotten || ' ' || networks_forgotten FROM reference.upkeep()), '1 1', 'what nobody needs is forgotten');
SELECT is((SELECT string_agg(request_key, ',' ORDER BY request_key) FROM reference.request) || (SELECT host(origin) FROM reference.origin_bucket), 'new,r192.0.2.2', 'and nothing else');
SELECT * FROM finish();
