-- source: reference
SELECT no_plan();

INSERT INTO reference.post (post_key, title) VALUES (1, 'open'), (2, 'closed');
SELECT reference.close_post(2);
SELECT reference.issue_token('alice', 'a-secret', 1);
SELECT reference.issue_token('bob', 'b-secret', 2);
SELECT reference.issue_token('mallory', 'm-secret', 3);
SELECT reference.revoke_token(3);

CREATE FUNCTION tap.vote(p_secret text, p_post bigint, p_value real, p_request text DEFAULT NULL, p_origin inet DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$ SELECT outcome || coalesce(' ' || vote_key, '') FROM reference.cast_vote($1, $2, $3, $5, $4) $$;

SELECT is(tap.vote('a-secret', 1, 1), 'accepted 1', 'a vote is accepted');
SELECT is(tap.vote('a-secret', 1, 1), 'duplicate', 'the second vote of a token on a post is a duplicate');
SELECT is(tap.vote('a-secret', 1, -1), 'duplicate', 'whatever its value');
SELECT is(tap.vote('nobody', 1, 1), 'invalid_token', 'an unknown secret');
SELECT is(tap.vote(NULL, 1, 1), 'invalid_token', 'no secret');
SELECT is(tap.vote('m-secret', 1, 1), 'invalid_token', 'a revoked token');
SELECT is(tap.vote('a-secret', 2, 1), 'closed', 'a closed post');
SELECT is(tap.vote('a-secret', 99, 1), 'invalid_input', 'a post that does not exist');
SELECT is(tap.vote('a-secret', NULL, 1), 'invalid_input', 'no post');
SELECT is(tap.vote('a-secret', 1, NULL), 'invalid_input', 'no value');
SELECT is(tap.vote('a-secret', 1, 'NaN'), 'invalid_input', 'a value that is no number');
SELECT is(tap.vote('a-secret', 1, 'Infinity'), 'invalid_input', 'an infinite value');
SELECT is(tap.vote('a-secret', 1, 2), 'invalid_input', 'a value out of range');

SELECT alike(tap.vote('b-secret', 1, 1, 'req-1'), 'accepted %', 'with a request key');
SELECT is(tap.vote('b-secret', 1, 1, 'req-1'), 'accepted ' || (SELECT vote_key FROM reference.vote WHERE token_key = 2), 'the retry gets the first outcome');
SELECT is((SELECT count(*) FROM reference.vote WHERE token_key = 2), 1::bigint, 'and no second vote');
SELECT is(tap.vote('b-secret', 1, -1, 'req-1'), 'invalid_input', 'a request key is for one vote');
SELECT alike(tap.vote('a-secret', 1, 1, 'req-1'), 'duplicate%', 'request keys belong to their token');
SELECT is((SELECT string_agg(outcome, ',' ORDER BY attempt_key) FROM reference.attempt WHERE request_key = 'req-1'),
          'accepted,duplicate,invalid_input,duplicate', 'in the log the vote was accepted once');
SELECT is(tap.vote('b-secret', 1, 1, repeat('x', 201)), 'invalid_input', 'a request key too long');

SELECT is((SELECT count(*) FROM reference.attempt), 18::bigint, 'every call is in the log');
SELECT ok((SELECT bool_and(finished_at >= attempted_at) FROM reference.attempt), 'with start and end');
SELECT is((SELECT sum(score) FROM reference.tally WHERE post_key = 1), 2::double precision, 'the tally is the sum of the rows');
SELECT is((SELECT counter FROM scrutineer.post WHERE post_key = 1), 2::double precision, 'and so is the contract''s counter');

UPDATE reference.rule SET token_rate = 0.000001, token_burst = 2;
UPDATE reference.token SET full_at = '-infinity';
INSERT INTO reference.post SELECT g FROM generate_series(10, 20) g;
SELECT is((SELECT string_agg(split_part(tap.vote('a-secret', p, 1), ' ', 1), ',' ORDER BY p) FROM generate_series(10, 12) p), 'accepted,accepted,rate_limited',
          'the bucket of a token holds two');
SELECT is(left(tap.vote('a-secret', 12, 1, 'later'), 12), 'rate_limited', 'limited with a request key');
UPDATE reference.rule SET token_burst = 100;
UPDATE reference.token SET full_at = '-infinity';
SELECT alike(tap.vote('a-secret', 12, 1, 'later'), 'accepted %', 'what time cures is not remembered');
UPDATE reference.rule SET origin_rate = 0.000001, origin_burst = 1;
SELECT is((SELECT string_agg(split_part(tap.vote(s, p, 1, NULL, '192.0.2.1'), ' ', 1), ',') FROM (VALUES ('a-secret', 15), ('b-secret', 16)) x (s, p)),
          'accepted,rate_limited', 'tokens share the bucket of their origin');

ALTER TABLE reference.tally ADD CONSTRAINT planted CHECK (post_key <> 17);
SELECT is(tap.vote('a-secret', 17, 1), 'error', 'a fault inside is an outcome');
SELECT is((SELECT sqlstate FROM reference.attempt ORDER BY attempt_key DESC LIMIT 1), '23514', 'with its SQLSTATE in the log');
SELECT is((SELECT count(*) FROM reference.vote WHERE post_key = 17), 0::bigint, 'and leaves no vote');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(tap.vote('b-secret', 18, 1), 'error', 'under REPEATABLE READ nothing is stored: the second look would be blind');
COMMIT;

SELECT throws_ok('UPDATE reference.vote SET value = 0', '42501', NULL, 'votes only grow: UPDATE');
SELECT throws_ok('DELETE FROM reference.vote', '42501', NULL, 'votes only grow: DELETE');
SELECT throws_ok('TRUNCATE reference.vote CASCADE', '42501', NULL, 'votes only grow: TRUNCATE');
SELECT throws_ok('DELETE FROM reference.attempt', '42501', NULL, 'the attempt log only grows');
SELECT throws_ok('TRUNCATE reference.vote_3 CASCADE', '42501', NULL, 'nor is a partition emptied');
SELECT throws_ok('INSERT INTO reference.vote (token_key, post_key, value) VALUES (1, 1, 1)', '23505', NULL, 'the unique key stands below it all');

CREATE ROLE voter LOGIN IN ROLE voting_api;
SELECT is(tap.as_user('voter', $$SELECT outcome FROM reference.cast_vote('b-secret', 19, 1)$$), 'accepted', 'voting_api may vote');
SELECT is(tap.as_user('voter', 'SELECT count(*) FROM reference.vote'), '42501', 'and read nothing');
SELECT is(tap.as_user('voter', $$SELECT reference.issue_token('x', 'y')$$), '42501', 'nor make tokens');
SELECT is(tap.as_user('voter', $$SELECT reference.close_post(1)$$), '42501', 'nor close posts');
SELECT is(tap.as_user('voter', $$SELECT reference.attend('cast', 'b-secret', 19, 1, NULL, NULL)$$), '42501', 'nor call what stands behind');
SELECT is(tap.as_user('reader', $$SELECT outcome FROM reference.cast_vote('b-secret', 20, 1)$$), '42501', 'a reader may not vote');
SELECT * FROM finish();
