-- source: reference
-- Entries, and the functions of the sealer; what the sealer makes of them is tried in tests/models/seal.
SELECT no_plan();
INSERT INTO reference.post (post_key) VALUES (1), (2);
SELECT reference.issue_token('t', 's', 1);
CREATE VIEW tap.attempt AS SELECT a.*, convert_from(a.entry, 'UTF8')::jsonb AS said FROM reference.attempt a;

SELECT is((SELECT outcome FROM reference.cast_vote('s', 1, 0.1, '203.0.113.9', E'k"\\\n\x01é')), 'accepted', 'a vote');
SELECT is((SELECT said - ARRAY['at', 'finished', 'token', 'origin', 'vote', 'key'] FROM tap.attempt ORDER BY attempt_key DESC LIMIT 1),
          jsonb_build_object('action', 'cast', 'kind', 'attempt', 'outcome', 'accepted', 'post', '1', 'request', E'k"\\\n\x01é', 'sqlstate', NULL, 'v', 1, 'value', '0.1'),
          'is an entry');
SELECT ok((SELECT (said ->> 'at')::bigint = scrutineer.micros(attempted_at) AND (said ->> 'finished')::bigint = scrutineer.micros(finished_at)
              AND said ->> 'vote' = vote_key::text AND said ->> 'key' = attempt_key::text FROM tap.attempt ORDER BY attempt_key DESC LIMIT 1), 'with all its columns');
SELECT ok((SELECT convert_from(entry, 'UTF8') !~ '203\.0\.113' AND said ->> 'token' ~ '^[0-9a-f]{32}$' AND said ->> 'origin' ~ '^[0-9a-f]{32}$' FROM tap.attempt ORDER BY attempt_key DESC LIMIT 1),
          'and neither token nor address');
SELECT is((SELECT said ->> 'token' FROM tap.attempt ORDER BY attempt_key DESC LIMIT 1),
          (SELECT scrutineer.pseudonym('token 1', inner_pad, outer_pad) FROM scrutineer.pseudonym_key), 'which have names of their own');
SELECT is((SELECT scrutineer.pseudonym('what do ya want for nothing?', reference.pad_of('Jefe', 54), reference.pad_of('Jefe', 92))),
          '5bdcc146bf60754e6a042426089575c7', 'by HMAC (RFC 4231, test case 2), cut to 128 bits');
SELECT isnt((SELECT inner_pad FROM scrutineer.pseudonym_key), reference.pad_of('\x'::bytea, 54), 'under a key that is not empty');
SET extra_float_digits = -10;
SELECT is((SELECT outcome FROM reference.cast_vote('s', 2, 0.123456)), 'accepted', 'whatever a session shows of a number');
RESET extra_float_digits;
SELECT is((SELECT said ->> 'value' FROM tap.attempt ORDER BY attempt_key DESC LIMIT 1), '0.123456', 'all of it is in the entry');
INSERT INTO reference.attempt (attempted_at, outcome, xid, entry) VALUES (now(), 'closed', '3', 'forged');
SELECT ok((SELECT xid > '3' AND said ->> 'outcome' = 'closed' FROM tap.attempt ORDER BY attempt_key DESC LIMIT 1),
          'what an inserter says of entry and transaction is replaced');
SELECT is((SELECT count(*) FROM reference.attempt WHERE entry IS NULL), 0::bigint, 'no attempt is without an entry');

SELECT scrutineer.log('export', 'x', 'done', repeat(E'\x01', 4000), encode(sha256('y'), 'hex'));
SELECT is((SELECT convert_from(entry, 'UTF8')::jsonb - ARRAY['at', 'key', 'detail'] FROM scrutineer.log_entry ORDER BY entry_key DESC LIMIT 1),
          jsonb_build_object('actor', session_user, 'digest', encode(sha256('y'), 'hex'), 'kind', 'export', 'outcome', 'done', 'subject', 'x', 'v', 1), 'so is a decision');
SELECT throws_ok($$SELECT scrutineer.log('export', 'x', 'done', repeat('x', 65536))$$, '22001', NULL, 'that is not too long');

SELECT throws_ok('SELECT * FROM scrutineer.take_entries(1)', 'P0002', NULL, 'nothing is taken before there is an epoch');
SELECT is(scrutineer.begin_epoch('o', 'k', ''), 1, 'the first');
BEGIN;
SELECT after FROM scrutineer.take_entries(1) \gset
SELECT scrutineer.finish_seal(1, :after, decode(repeat('00', 32 * bit_count(int8send(:after))::int), 'hex'), '{}', '{}', '{}');
COMMIT;
SELECT is(:after::bigint, (SELECT count(*) FROM scrutineer.entry), 'takes all there is');
SELECT is((SELECT count(*) FROM scrutineer.take_entries(1)), 0::bigint, 'once');
SELECT is((SELECT count(*) FROM scrutineer.leaf l JOIN scrutineer.entry e USING (log, entry_key) WHERE l.hash = sha256('\x00'::bytea || e.entry)), (SELECT size FROM scrutineer.seal_head), 'each with its hash');
SELECT throws_ok(format($$SELECT scrutineer.finish_seal(1, %s, '', '{}', '{}', '{}')$$, :after), '40001', NULL, 'a tree is finished once');
INSERT INTO reference.attempt (attempted_at, outcome) VALUES (now(), 'closed');
BEGIN;
SELECT after AS more FROM scrutineer.take_entries(1) \gset
SELECT throws_ok('SET CONSTRAINTS ALL IMMEDIATE', '23000', NULL, 'and whoever takes entries finishes it');
ROLLBACK;
BEGIN;
SELECT pg_current_xact_id() IS NULL;
SELECT throws_ok('SELECT * FROM scrutineer.take_entries(1)', '25000', NULL, 'in a transaction of its own');
ROLLBACK;
CREATE FUNCTION tap.note(p_origin text, p_size bigint, p_root bytea) RETURNS text LANGUAGE sql AS $$ SELECT concat($1, E'\n', $2, E'\n', encode($3, 'base64'), E'\n') $$;
SELECT ok(scrutineer.store_checkpoint(1, 1, sha256('a'), tap.note('o', 1, sha256('a'))), 'a checkpoint is stored');
SELECT ok(NOT scrutineer.store_checkpoint(1, 1, sha256('a'), tap.note('o', 1, sha256('a'))), 'once');
SELECT throws_ok($$SELECT scrutineer.store_checkpoint(1, 1, sha256('b'), tap.note('o', 1, sha256('b')))$$, '23000', NULL, 'and not with another root');
SELECT throws_ok($$SELECT scrutineer.store_checkpoint(1, 2, sha256('b'), 'junk')$$, '22023', NULL, 'nor without its text');
SELECT throws_ok($$SELECT scrutineer.store_checkpoint(1, 9000000, sha256('b'), tap.note('o', 9000000, sha256('b')))$$, '22023', NULL, 'nor for what is not sealed');
SELECT ok(scrutineer.store_cosignature(1, 1, 'w', '— w x'), 'a cosignature is stored');
SELECT ok(NOT scrutineer.store_cosignature(1, 1, 'w', '— w x'), 'once');
SELECT throws_ok($$SELECT scrutineer.store_cosignature(1, 1, 'w', '— somebody x')$$, '22023', NULL, 'of whom it says');
SELECT throws_ok($$SELECT scrutineer.store_cosignature(1, 2, 'w', '— w x')$$, '23503', NULL, 'and under a checkpoint that is there');
SELECT is((SELECT detail FROM scrutineer.log_entry WHERE kind = 'epoch'), 'epoch 1, key k', 'that it began is in the log');
SELECT * FROM finish();
