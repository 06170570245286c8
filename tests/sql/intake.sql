-- source: reference
SELECT no_plan();
INSERT INTO reference.post (post_key) SELECT g FROM generate_series(1, 9) g;
SELECT reference.close_post(9);
SELECT reference.issue_token('t' || g, 's' || g, g) FROM generate_series(1, 5) g;
CREATE FUNCTION tap.batch(p_votes jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(place || ' ' || outcome, ', ' ORDER BY place) FROM reference.cast_votes(p_votes) $$;

SELECT is(tap.batch('[{"secret": "s1", "post": 2, "value": 1, "origin": "192.0.2.1", "request_key": "q1"},
                      {"secret": "s2", "post": 1, "value": -1, "request_key": "q2"},
                      {"secret": "s1", "post": 2, "value": 1, "request_key": "q3"},
                      {"secret": "nobody", "post": 1, "value": 1},
                      {"secret": "s3", "post": 9, "value": 1},
                      {"secret": "s3", "post": 77, "value": 1},
                      {"secret": "s4", "post": "three", "value": 1},
                      {"secret": "s4", "post": 3, "value": 1, "action": "vanish"},
                      {"secret": "s1", "post": 2, "value": -1, "action": "change", "request_key": "q4"},
                      {"secret": "s1", "post": 2, "action": "withdraw", "request_key": "q5"},
                      17, null]'),
          '1 accepted, 2 accepted, 3 duplicate, 4 invalid_token, 5 closed, 6 invalid_input, 7 invalid_input, 8 invalid_input, 9 accepted, 10 accepted, 11 invalid_token, 12 invalid_token',
          'every vote of a batch has its own answer');
SELECT is((SELECT count(*) FROM reference.attempt), 12::bigint, 'and its own row in the log');
SELECT is((SELECT string_agg(sqlstate, ',' ORDER BY attempt_key) FROM reference.attempt WHERE sqlstate IS NOT NULL AND token_key = 4), '22P02,22023',
          'also what cannot be read, with its reason');
SELECT is((SELECT string_agg(post_key || ':' || score, ' ' ORDER BY post_key) FROM reference.tally WHERE votes <> 0 OR score <> 0), '1:-1', 'tallied');
SELECT is(tap.batch('[{"secret": "s1", "post": 2, "value": 1, "origin": "192.0.2.1", "request_key": "q1"},
                      {"secret": "s2", "post": 1, "value": -1, "request_key": "q2"}]'), '1 accepted, 2 accepted', 'sent again, the same answers');
SELECT is((SELECT count(*) FROM reference.vote), 2::bigint, 'and nothing stored twice');
SELECT is(tap.batch('[]'), NULL, 'an empty batch');
SELECT throws_ok($$SELECT reference.cast_votes('{"secret": "s1"}')$$, '22023', NULL, 'a batch is an array');
SELECT throws_ok($$SELECT reference.cast_votes((SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, 10001)))$$, '22023', NULL, 'of at most 10,000 votes');
UPDATE reference.rule SET token_rate = 0.001, token_burst = 2;
UPDATE reference.token SET full_at = '-infinity' WHERE token_key = 5;
SELECT is(tap.batch('[{"secret": "s5", "post": 7, "value": 1, "action": "bogus", "request_key": "u1"}, {"secret": "s5", "post": "x"}, {"secret": "s5", "post": 7, "action": "bogus"}]'),
          '1 invalid_input, 2 invalid_input, 3 rate_limited', 'what cannot be read is limited as well');
SELECT is((SELECT post_key || ' ' || request_key || ' ' || sqlstate FROM reference.attempt WHERE request_key = 'u1'), '7 u1 22023', 'and logged with what could be');
UPDATE reference.rule SET token_rate = 1000, token_burst = 1000;
UPDATE reference.token SET full_at = '-infinity';
ALTER TABLE reference.tally ADD CONSTRAINT planted CHECK (post_key <> 5);
SELECT is(tap.batch('[{"secret": "s5", "post": 4, "value": 1}, {"secret": "s5", "post": 5, "value": 1}, {"secret": "s5", "post": 6, "value": 1}]'),
          '1 accepted, 2 error, 3 accepted', 'the fault of one is the outcome of one');

-- What became of an attempt whose answer was lost.
CREATE FUNCTION tap.lost(p_secret text, p_post bigint, p_key text, p_state text DEFAULT '57P01') RETURNS text LANGUAGE sql AS $$
    SELECT outcome || coalesce(' ' || vote_key, '') FROM reference.report_failure(p_secret, p_post, 1, NULL, p_key, p_state) $$;
SELECT is((SELECT outcome FROM reference.cast_vote('s3', 1, 1, NULL, 'lost-1')), 'accepted', 'it was carried out');
SELECT is(tap.lost('s3', 1, 'lost-1'), 'accepted ' || (SELECT vote_key FROM reference.vote WHERE token_key = 3 AND post_key = 1), 'and that is the answer');
SELECT is((SELECT string_agg(outcome, ',' ORDER BY attempt_key) FROM reference.attempt WHERE request_key = 'lost-1'), 'accepted,error', 'that its caller did not hear of it is logged');
SELECT is(tap.lost('s3', 2, 'lost-2'), 'error', 'it was not');
SELECT is((SELECT outcome || ' ' || sqlstate FROM reference.attempt WHERE request_key = 'lost-2'), 'error 57P01', 'and is logged now');
SELECT is((SELECT outcome FROM reference.cast_vote('s3', 2, 1, NULL, 'lost-2')), 'accepted', 'then it may be sent again');
SELECT is(tap.lost('nobody', 2, 'lost-3'), 'error', 'an unknown secret is logged too');
SELECT is(tap.lost('s3', 3, NULL, 'what?'), 'error', 'as is one without a key');
SELECT is((SELECT sqlstate FROM reference.attempt ORDER BY attempt_key DESC LIMIT 1), '08006', 'with a state that is one');
SELECT * FROM finish();
