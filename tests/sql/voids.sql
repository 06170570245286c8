-- source: imported, two people
SELECT no_plan();
INSERT INTO imported.token (token_key) VALUES ('t1'), ('t2');
INSERT INTO imported.post (post_key, title, counter) VALUES ('p1', 'one', 4), ('p2', 'two', NULL);
INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at)
SELECT 'v' || i, 't' || 1 + i % 2, 'p' || 1 + i / 5, 1, timestamptz '2026-01-01' + i * interval '1 second' FROM generate_series(1, 8) i;

CREATE FUNCTION tap.digest(VARIADIC p_votes text[]) RETURNS text LANGUAGE sql AS $$ SELECT digest FROM scrutineer.digest_votes(p_votes) $$;
CREATE FUNCTION tap.id(p_number int) RETURNS text LANGUAGE sql AS $$ SELECT format('00000000-0000-4000-8000-%s', lpad(p_number::text, 12, '0')) $$;
CREATE FUNCTION tap.call(p_user text, p_function text, VARIADIC p_arguments text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT x::jsonb FROM (SELECT tap.as_user(p_user, format('SELECT scrutineer.%s(%s)', p_function,
        (SELECT string_agg(quote_nullable(a), ', ') FROM unnest(p_arguments) a))) AS x) y WHERE x LIKE '{%' $$;

SELECT is(tap.digest('v2', 'v1'), tap.digest('v1', 'v2', 'v1'), 'the digest is of the set, not of its order');
SELECT is(tap.digest('v1'), (SELECT encode(sha256(convert_to(format(E'v1\t%s\tp1\t1\t1767225601000000\tcounted\n', scrutineer.pseudonym('token t2', k.inner_pad, k.outer_pad)),
    'UTF8')), 'hex') FROM scrutineer.pseudonym_key k), 'the digest is what the contract says');

SELECT is(tap.call('admin', 'void_votes', tap.id(1), '{v1}', tap.digest('v1'), 'why', '{}') ->> 'reason', 'here a void needs two people',
          'with the two-person rule a void is proposed');
SELECT is(tap.call('moderator', 'propose_void', tap.id(2), '{v1,v2,v6}', tap.digest('v1', 'v2', 'v6'), 'why', '{}') ->> 'status', 'done', 'a moderator proposes');
SELECT is(tap.call('moderator', 'propose_void', tap.id(2), '{v2,v1,v6}', tap.digest('v1', 'v2', 'v6'), 'why', '{}') ->> 'status', 'repeated',
          'the same proposal again, votes in another order');
SELECT is(tap.call('moderator', 'propose_void', tap.id(2), '{v1,v2}', tap.digest('v1', 'v2'), 'why', '{}') ->> 'status', 'refused', 'other votes under the same id');
SELECT is(tap.as_user('moderator', format('SELECT scrutineer.approve_void(%L, %L)', tap.id(2), 'x')), '42501', 'a moderator may not approve');
SELECT is(tap.call('admin', 'approve_void', tap.id(2), repeat('0', 64)) ->> 'status', 'refused', 'an approval names what was looked at');
SELECT is((SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'), 0::bigint, 'nothing is voided so far');
SELECT is(tap.call('admin', 'approve_void', tap.id(2), tap.digest('v1', 'v2', 'v6')) ->> 'votes', '3', 'an admin approves');
SELECT is((SELECT string_agg(vote_key, ',' ORDER BY vote_key) FROM scrutineer.vote WHERE state = 'voided'), 'v1,v2,v6', 'exactly those are voided');
SELECT is((SELECT string_agg(coalesce(counter::text, 'none'), ',' ORDER BY post_key) FROM scrutineer.post), '2,none', 'the counter that the site keeps follows');
SELECT is((SELECT state || ' ' || approved_by FROM scrutineer.void_history WHERE request_id = tap.id(2)::uuid), 'done admin', 'and stands in the history');

SELECT is(tap.call('admin', 'propose_void', tap.id(3), '{v3}', tap.digest('v3'), 'why', '{}') ->> 'status', 'done', 'an admin proposes');
SELECT is(tap.call('admin', 'approve_void', tap.id(3), tap.digest('v3')) ->> 'reason', 'you proposed this void yourself', 'and cannot approve it');
SELECT throws_ok(format('INSERT INTO scrutineer.void_execution (request_id, requested_by, approved_by, two_person) VALUES (%L, ''admin'', ''admin'', true)', tap.id(3)),
                 '23514', NULL, 'which is a constraint of the table');
SELECT is(tap.call('moderator', 'withdraw_proposal', tap.id(3), 'no') ->> 'status', 'refused', 'nor does a moderator withdraw what another proposed');
SELECT is(tap.call('admin2', 'withdraw_proposal', tap.id(3), ' ') ->> 'reason', 'a withdrawal without a reason', 'an admin says why');
SELECT is(tap.call('admin2', 'withdraw_proposal', tap.id(3), 'no') ->> 'status', 'done', 'and does');
SELECT is((SELECT withdrawn_by || ': ' || withdrawal_reason FROM scrutineer.void_history WHERE request_id = tap.id(3)::uuid), 'admin2: no', 'which stays to be seen');
SELECT is(tap.call('admin2', 'withdraw_proposal', tap.id(3), 'for another reason') ->> 'status', 'repeated', 'once');
SELECT is(tap.call('admin2', 'approve_void', tap.id(3), tap.digest('v3')) ->> 'reason', 'the proposal is withdrawn already', 'what is withdrawn is not approved');
SELECT is(tap.call('admin2', 'give_up_request', tap.id(3), 'approve_void') ->> 'proposal', 'withdrawn', 'nor can be');

SELECT is(tap.call('admin', 'restore_votes', tap.id(4), tap.id(2), repeat('0', 64), 'back') ->> 'status', 'changed', 'a restore compares what was reviewed');
SELECT is(tap.call('admin', 'restore_votes', tap.id(4), tap.id(2), tap.digest('v1', 'v2', 'v6'), 'back') ->> 'status', 'done', 'and puts the votes back');
SELECT is((SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'), 0::bigint, 'all of them');
SELECT is((SELECT counter FROM scrutineer.post WHERE post_key = 'p1'), 4::double precision, 'the counter too');
SELECT is(tap.call('admin', 'restore_votes', tap.id(5), tap.id(2), tap.digest('v1', 'v2', 'v6'), 'again') ->> 'status', 'refused', 'once');
SELECT is((SELECT count(*) FROM scrutineer.vote_void w WHERE NOT EXISTS (SELECT FROM scrutineer.vote_restore r
              WHERE (r.token_key, r.vote_key, r.round) = (w.token_key, w.vote_key, w.round))), (SELECT count(*) FROM scrutineer.voided), 'the cache is the truth');
SELECT throws_ok($$INSERT INTO scrutineer.vote_restore SELECT token_key, vote_key, round, request_id FROM scrutineer.vote_void$$, '23505', NULL,
                 'a vote is not restored twice');
INSERT INTO scrutineer.vote_void VALUES ('t1', 'v4', 1, tap.id(6)::uuid);
SELECT throws_ok(format('INSERT INTO scrutineer.vote_void VALUES (''t1'', ''v4'', 2, %L)', tap.id(7)), '23505', NULL, 'nor voided twice, in whatever round');
SELECT alike(tap.call('moderator', 'propose_void', tap.id(8), '{v4,v5,gone}', repeat('0', 64), 'why', '{}') ->> 'differences',
            '["vote gone does not exist any more", "vote v4 is voided now%', 'what changed is told vote by vote');
-- The answer was lost, and the sender no longer wants it.
SELECT is(tap.call('admin', 'give_up_request', tap.id(10), 'void_votes'), '{"status": "done", "carried_out": false, "final": true, "proposal": null}'::jsonb, 'a request that never arrived is given up');
SELECT is(tap.call('admin', 'give_up_request', tap.id(10), 'void_votes'), '{"status": "done", "carried_out": false, "final": true, "proposal": null}'::jsonb, 'twice is once');
UPDATE scrutineer.setting SET two_person_rule = false;
SELECT is(tap.call('admin', 'void_votes', tap.id(10), '{v5}', tap.digest('v5'), 'why', '{}') ->> 'reason', 'admin gave this request up', 'and is refused should it arrive yet');
SELECT is(tap.call('admin', 'void_votes', tap.id(11), '{v5}', tap.digest('v5'), 'why', '{}') ->> 'status', 'done', 'a new one is not');
UPDATE scrutineer.setting SET two_person_rule = true;
SELECT is(tap.call('admin', 'give_up_request', tap.id(11), 'void_votes') ->> 'carried_out', 'true', 'what was carried out is told');
SELECT is((SELECT state FROM scrutineer.vote WHERE vote_key = 'v5'), 'voided', 'and stays');
SELECT is((SELECT array_agg(kind || ' ' || subject) FROM scrutineer.log_entry WHERE outcome = 'given up'), ARRAY['void ' || tap.id(10)], 'the log says so, once');
SELECT is(tap.call('moderator', 'propose_void', tap.id(12), '{v7}', tap.digest('v7'), 'why', '{}') ->> 'status', 'done', 'a proposal');
SELECT is(tap.call('admin2', 'give_up_request', tap.id(12), 'approve_void'), '{"status": "done", "carried_out": false, "final": false, "proposal": "proposed"}'::jsonb, 'whose approval one gives up');
SELECT is(tap.call('moderator', 'give_up_request', tap.id(12), 'approve_void') ->> 'reason', 'you may not call approve_void', 'when one may approve');
SELECT is(tap.call('admin', 'approve_void', tap.id(12), tap.digest('v7')) ->> 'status', 'done', 'another may still approve');
SELECT is(tap.call('admin2', 'give_up_request', tap.id(12), 'approve_void') ->> 'by', 'admin', 'and is named then');
SELECT is(tap.call('admin2', 'approve_void', tap.id(12), tap.digest('v7')) ->> 'reason', 'admin has done this already', 'also to who approves as well');
SELECT is(tap.call('admin', 'give_up_request', tap.id(13), 'no_such_function') ->> 'status', 'refused', 'only what is a request is given up');
SELECT is(tap.call('auditor', 'give_up_request', tap.id(14), 'log_export') ->> 'final', 'true', 'an auditor gives up an entry in the log');
SELECT is(tap.call('auditor', 'give_up_request', tap.id(14), 'void_votes') ->> 'status', 'refused', 'and nothing else');
SELECT is(tap.as_user('reader', format('SELECT scrutineer.give_up_request(%L, ''void_votes'')', tap.id(14))), '42501', 'and only by who can send one');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT alike(tap.call('moderator', 'propose_void', tap.id(9), '{v8}', tap.digest('v8'), 'why', '{}') ->> 'reason', '%READ COMMITTED', 'a blind second look is refused');
COMMIT;
SELECT * FROM finish();
