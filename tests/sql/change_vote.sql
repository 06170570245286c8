-- source: reference
SELECT no_plan();
INSERT INTO reference.post (post_key, title) VALUES (1, 'open'), (2, 'another'), (3, 'third');
SELECT reference.issue_token('alice', 'a', 1);
SELECT reference.issue_token('bob', 'b', 2);
UPDATE reference.rule SET token_burst = 1000;
CREATE FUNCTION tap.told(p_answer reference.answer) RETURNS text LANGUAGE sql AS $$ SELECT ($1).outcome || coalesce(' ' || ($1).vote_key, '') $$;
CREATE FUNCTION tap.count(p_post bigint) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s of %s, contract %s of %s', (SELECT sum(score) FROM reference.tally WHERE post_key = $1), (SELECT sum(votes) FROM reference.tally WHERE post_key = $1),
                  coalesce(sum(value), 0), count(*)) FROM scrutineer.vote WHERE post_key = $1 AND state = 'counted' $$;

SELECT is(tap.told(reference.change_vote('a', 1, 1)), 'invalid_input', 'there is nothing to change');
SELECT is(tap.told(reference.withdraw_vote('a', 1)), 'invalid_input', 'nor to withdraw');
SELECT is(tap.told(reference.cast_vote('a', 1, 1)), 'accepted 1', 'cast');
SELECT is(tap.told(reference.cast_vote('b', 1, 1)), 'accepted 2', 'another token');
SELECT is(tap.told(reference.change_vote('a', 1, -1)), 'accepted 1', 'changed: the same vote');
SELECT is(tap.count(1), '0 of 2, contract 0 of 2', 'the tally follows');
SELECT is(tap.told(reference.change_vote('a', 1, -1)), 'duplicate', 'to what it is already');
SELECT is(tap.told(reference.change_vote('a', 1, 7)), 'invalid_input', 'to what is no vote');
SELECT is(tap.told(reference.withdraw_vote('a', 1)), 'accepted 1', 'withdrawn');
SELECT is(tap.count(1), '1 of 1, contract 1 of 1', 'it counts no more');
SELECT is((SELECT state FROM scrutineer.vote WHERE vote_key = 1), 'withdrawn', 'and the contract says so');
SELECT is((SELECT count(*) FROM scrutineer.stored_vote), 1::bigint, 'a scan leaves it out');
SELECT is(tap.told(reference.withdraw_vote('a', 1)), 'duplicate', 'withdrawn once');
SELECT is(tap.told(reference.change_vote('a', 1, 1)), 'invalid_input', 'what was withdrawn cannot be changed');
SELECT is(tap.told(reference.cast_vote('a', 1, 1)), 'accepted 1', 'but cast again');
SELECT is(tap.count(1), '2 of 2, contract 2 of 2', 'and counts again');
SELECT is(tap.told(reference.cast_vote('a', 1, 1)), 'duplicate', 'once');
SELECT is((SELECT string_agg(format('%s:%s:%s>%s', revision, kind, value_before, value), ' ' ORDER BY revision) FROM reference.vote_event),
          '2:change:1>-1 3:withdraw:-1> 4:recast:>1', 'every step stands in the history');
SELECT is((SELECT value::real FROM reference.vote WHERE vote_key = 1), 1::real, 'the vote itself is as it was cast');
SELECT is((SELECT string_agg(action || ' ' || outcome, ', ' ORDER BY attempt_key) FROM reference.attempt WHERE outcome = 'accepted' AND token_key = 1),
          'cast accepted, change accepted, withdraw accepted, recast accepted', 'the log tells them apart');

SELECT throws_ok($$INSERT INTO reference.vote_event (token_key, post_key, revision, kind, value_before, value) VALUES (1, 1, 6, 'change', 1, -1)$$, '23000', NULL,
                 'no step is left out');
SELECT throws_ok($$INSERT INTO reference.vote_event (token_key, post_key, revision, kind, value_before, value) VALUES (1, 1, 5, 'change', -1, 1)$$, '23000', NULL,
                 'nor begins where the last did not end');
SELECT throws_ok($$INSERT INTO reference.vote_event (token_key, post_key, revision, kind, value_before, value) VALUES (2, 1, 2, 'change', -1, 1)$$, '23000', NULL,
                 'the first of them begins at the vote');
SELECT throws_ok('UPDATE reference.vote_event SET value = 1', '42501', NULL, 'events only grow: UPDATE');
SELECT throws_ok('DELETE FROM reference.vote_event', '42501', NULL, 'events only grow: DELETE');
SELECT throws_ok('TRUNCATE reference.vote_event', '42501', NULL, 'events only grow: TRUNCATE');

-- Voided votes are out of their token's hands.
CREATE FUNCTION tap.void(p_request uuid, p_vote bigint) RETURNS jsonb LANGUAGE sql AS $$
    SELECT tap.as_user('admin', format('SELECT scrutineer.void_votes(%L, ''{%s}'', %L, ''test'', ''{}'')', $1, $2,
                                       (SELECT digest FROM scrutineer.digest_votes(ARRAY[$2::text]))))::jsonb $$;
SELECT alike(tap.told(reference.cast_vote('b', 2, 1)), 'accepted %', 'a vote');
SELECT is(tap.void('11111111-1111-4111-8111-111111111111', (SELECT vote_key FROM reference.vote WHERE token_key = 2 AND post_key = 2)) ->> 'status', 'done', 'is voided');
SELECT is(tap.told(reference.change_vote('b', 2, -1)), 'closed', 'and cannot be changed');
SELECT is(tap.told(reference.withdraw_vote('b', 2)), 'closed', 'nor withdrawn');
SELECT is(tap.told(reference.cast_vote('b', 2, 1)), 'duplicate', 'nor cast again');
SELECT is(tap.void('22222222-2222-4222-8222-222222222222', 2) ->> 'status', 'done', 'a second one');
SELECT is(tap.told(reference.withdraw_vote('a', 1)), 'accepted 1', 'a withdrawn vote');
SELECT is(tap.void('33333333-3333-4333-8333-333333333333', 1) -> 'differences', '["vote 1 is withdrawn now"]', 'is not there to be voided');
SELECT is(tap.count(1), '0 of 0, contract 0 of 0', 'voids and withdrawals come off the tally once');

-- Request keys.
SELECT alike(tap.told(reference.cast_vote('a', 3, 1, NULL, 'k1')), 'accepted %', 'with a key');
SELECT is(tap.told(reference.change_vote('a', 3, -1, NULL, 'k1')), 'invalid_input', 'a key is for one request, whatever it does');
SELECT alike(tap.told(reference.change_vote('a', 3, -1, NULL, 'k2')), 'accepted %', 'a change with its own');
SELECT alike(tap.told(reference.withdraw_vote('a', 3, NULL, 'k3')), 'accepted %', 'a withdrawal with its own');
SELECT alike(tap.told(reference.change_vote('a', 3, -1, NULL, 'k2')), 'accepted %', 'sent again later: the first answer');
SELECT is(tap.count(3), '0 of 0, contract 0 of 0', 'and nothing happens twice');
SELECT reference.revoke_token(1);
SELECT is(tap.told(reference.withdraw_vote('a', 3, NULL, 'k4')), 'invalid_token', 'a revoked token does nothing more');
SELECT alike(tap.told(reference.cast_vote('a', 3, 1, NULL, 'k1')), 'accepted %', 'but is told what it had done');
SELECT * FROM finish();
