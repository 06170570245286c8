-- source: reference
SELECT no_plan();
INSERT INTO reference.post SELECT g FROM generate_series(1, 50) g;
CREATE FUNCTION tap.hmac(p_key bytea, p_text text) RETURNS text LANGUAGE sql AS $$
    SELECT encode(reference.hash_of(p_text, reference.pad_of(p_key, 54), reference.pad_of(p_key, 92)), 'hex') $$;
SELECT is(tap.hmac(decode(repeat('0b', 20), 'hex'), 'Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7', 'RFC 4231, test case 1');
SELECT is(tap.hmac('Jefe', 'what do ya want for nothing?'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'RFC 4231, test case 2');

SELECT isnt(k1.inner_pad, reference.pad_of(decode(repeat('00', 32), 'hex'), 54), 'the key made at the installation is not empty') FROM reference.hash_key k1;
SELECT reference.issue_token('old', 'old-secret', 1);
SELECT is((SELECT count(*) FROM reference.token WHERE secret_hash = sha256('old-secret')), 0::bigint, 'a secret is not stored as its bare hash');
SELECT is((SELECT count(*) FROM reference.token t WHERE t::text LIKE '%old-secret%'), 0::bigint, 'nor as itself');
SELECT throws_ok($$SELECT reference.add_hash_key('short')$$, '22023', NULL, 'a short key is refused');
SELECT is(reference.add_hash_key(decode(repeat('aa', 32), 'hex')), 2, 'a second key');
SELECT reference.issue_token('new', 'new-secret', 2);
SELECT is((SELECT key_number FROM reference.token WHERE token_key = 2), 2, 'hashes what is issued from now on');
SELECT is((SELECT outcome FROM reference.cast_vote('old-secret', 1, 1)), 'accepted', 'tokens of the old key go on voting');
SELECT is((SELECT outcome FROM reference.cast_vote('new-secret', 1, 1)), 'accepted', 'as do those of the new one');
SELECT throws_ok($$SELECT reference.issue_token('again', 'old-secret')$$, '23505', NULL, 'a secret is one token''s, under whatever key');
SELECT throws_ok($$SELECT reference.issue_token('none', '')$$, '22023', NULL, 'and is not empty');
SELECT throws_ok('SELECT reference.revoke_tokens_of_key(2)', '55006', NULL, 'the key in use stays');
SELECT is(reference.revoke_tokens_of_key(1), 1::bigint, 'a key that leaked goes, with its tokens');
SELECT is((SELECT outcome FROM reference.cast_vote('old-secret', 2, 1)), 'invalid_token', 'which vote no more');
SELECT is((SELECT outcome FROM reference.cast_vote('new-secret', 2, 1)), 'accepted', 'the others do');

SELECT reference.issue_token('brief', 'brief-secret', 3, clock_timestamp() + interval '1 hour');
SELECT is((SELECT outcome FROM reference.cast_vote('brief-secret', 1, 1)), 'accepted', 'before it expires');
SELECT reference.issue_token('brief', 'brief-secret', 3, clock_timestamp() - interval '1 second');
SELECT is((SELECT outcome FROM reference.cast_vote('brief-secret', 2, 1)), 'invalid_token', 'after it expired');
SELECT reference.issue_token('brief', 'brief-secret-2', 3);
SELECT is((SELECT outcome FROM reference.cast_vote('brief-secret-2', 2, 1)), 'invalid_token', 'a new secret makes it no younger');
SELECT is((SELECT string_agg(state, ',' ORDER BY token_key) FROM scrutineer.token), 'revoked,active,expired', 'the contract says what they are');
SELECT is(reference.revoke_token(2), true, 'revoked');
SELECT is(reference.revoke_token(2), false, 'once');
SELECT is(reference.revoke_token(99), false, 'and never one that is not there');
SELECT is((SELECT outcome FROM reference.cast_vote('new-secret', 3, 1)), 'invalid_token', 'a revoked token');

-- Buckets.
SELECT reference.issue_token('t' || g, 's' || g, g) FROM generate_series(10, 19) g;
UPDATE reference.rule SET token_rate = 0.001, token_burst = 3, origin_rate = 0.001, origin_burst = 5;
SELECT is((SELECT string_agg((reference.cast_vote('s10', g, 1)).outcome, ',' ORDER BY g) FROM generate_series(1, 5) g),
          'accepted,accepted,accepted,rate_limited,rate_limited', 'a burst and no more');
UPDATE reference.token SET full_at = full_at - interval '1000 seconds' WHERE token_key = 10;
SELECT is((SELECT string_agg((reference.cast_vote('s10', g, 1)).outcome, ',' ORDER BY g) FROM generate_series(6, 7) g),
          'accepted,rate_limited', 'one more for the time of one');
UPDATE reference.token SET full_at = full_at - interval '1 year' WHERE token_key = 10;
SELECT is((SELECT string_agg((reference.cast_vote('s10', g, 1)).outcome, ',' ORDER BY g) FROM generate_series(8, 11) g),
          'accepted,accepted,accepted,rate_limited', 'a full bucket holds no more than it did');
SELECT is((SELECT string_agg((reference.cast_vote('s' || g, 1, 1, '2001:db8::1'::inet + g)).outcome, ',' ORDER BY g) FROM generate_series(11, 16) g),
          'accepted,accepted,accepted,accepted,accepted,rate_limited', 'the addresses of a /64 are one network');
SELECT is((reference.cast_vote('s17', 1, 1, '2001:db8:0:1::1')).outcome, 'accepted', 'another is another');
SELECT is((SELECT string_agg((reference.cast_vote('guess ' || g, 1, 1, '192.0.2.1')).outcome, ',' ORDER BY g) FROM generate_series(1, 6) g),
          'invalid_token,invalid_token,invalid_token,invalid_token,invalid_token,rate_limited', 'guessing is limited by its network');
UPDATE reference.rule SET origin_bits_v4 = 24;
SELECT is((SELECT string_agg((reference.cast_vote('guess ' || g, 1, 1, '198.51.100.0'::inet + g)).outcome, ',' ORDER BY g) FROM generate_series(1, 6) g),
          'invalid_token,invalid_token,invalid_token,invalid_token,invalid_token,rate_limited', 'of the bits that the rule says');
SELECT is(reference.network_of('::ffff:192.0.2.77', 32, 64)::text, '192.0.2.77/32', 'an IPv4 address in IPv6 form is one');
SELECT throws_ok($$UPDATE reference.rule SET value_max = 1e20$$, '23514', NULL, 'values beside which others vanish are refused');
SELECT throws_ok($$UPDATE reference.rule SET value_max = 'NaN'$$, '23514', NULL, 'and what is no number');
SELECT throws_ok('UPDATE reference.rule SET token_burst = 0', '23514', NULL, 'a rule that lets nobody vote is refused');
SELECT throws_ok('UPDATE reference.rule SET token_rate = 1e-6, token_burst = 1e9', '23514', NULL, 'as is one beyond all times');
SELECT throws_ok('TRUNCATE reference.token CASCADE', '42501', NULL, 'tokens are never deleted');
SELECT * FROM finish();
