-- source: imported
SELECT no_plan();
INSERT INTO imported.token (token_key) VALUES ('t1');
INSERT INTO imported.post (post_key, title) VALUES ('p1', 'one');
INSERT INTO imported.vote (vote_key, token_key, post_key, value, cast_at)
SELECT 'v' || i, 't1', 'p1', 1, timestamptz '2026-01-01' + i * interval '1 second' FROM generate_series(1, 6) i;

CREATE SEQUENCE tap.request;
CREATE FUNCTION tap.call(p_user text, p_function text, VARIADIC p_arguments text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT x::jsonb FROM (SELECT tap.as_user(p_user, format('SELECT scrutineer.%s(%L, %s)', p_function,
        format('00000000-0000-4000-8000-%s', lpad(nextval('tap.request')::text, 12, '0')),
        (SELECT string_agg(quote_nullable(a), ', ') FROM unnest(p_arguments) a))) AS x) y WHERE x LIKE '{%' $$;
CREATE FUNCTION tap.flag(p_score float8, p_extra text[], p_token text DEFAULT 't1') RETURNS text LANGUAGE sql AS $$
    SELECT jsonb_build_array(jsonb_build_object('flag', 'F-1', 'detector', 'duplicate_votes', 'rule_version', '1', 'score', p_score,
        'severity', 'high', 'from', '2026-01-01Z', 'to', '2026-01-02Z', 'votes', ARRAY['v1'] || p_extra, 'extra_votes', p_extra,
        'subject', jsonb_build_object('kind', 'token', 'key', p_token, 'post', 'p1')))::text $$;
CREATE FUNCTION tap.state() RETURNS text LANGUAGE sql AS $$
    SELECT format('%s %s v%s %s', state, body ->> 'score', versions,
                  (SELECT string_agg(vote_key::text, ',' ORDER BY ordinal) FROM scrutineer.flag_vote f WHERE f.flag_key = q.flag_key AND extra))
      FROM scrutineer.flag_queue q $$;
CREATE FUNCTION tap.logged() RETURNS text LANGUAGE sql AS $$ SELECT detail FROM scrutineer.log_entry ORDER BY entry_key DESC LIMIT 1 $$;

SELECT is(tap.call('moderator', 'record_flags', tap.flag(5, '{v2}')) ->> 'recorded', '1', 'a flag goes on record');
SELECT is(tap.state(), 'open 5 v1 v2', 'open, with its votes');
SELECT is((SELECT recorded_by FROM scrutineer.flag_queue), 'moderator', 'and with the name of who recorded it');
SELECT is(tap.call('admin', 'record_flags', tap.flag(5, '{v2}')) ->> 'known', '1', 'the same again is known');
SELECT is(tap.logged(), '0 new flags, 1 known', 'and changes nothing');
SELECT is(tap.call('admin', 'record_flags', tap.flag(1, '{}')) ->> 'known', '1', 'an open flag follows what is recorded next');
SELECT is(tap.state(), 'open 1 v2 ', 'whatever it says');
SELECT is(tap.logged(), '0 new flags, 1 known, 1 of them changed: F-1', 'but the log names it');
SELECT is((SELECT string_agg(format('%s %s by %s', version, body ->> 'score', recorded_by), ', ' ORDER BY version) FROM scrutineer.flag_body),
          '1 5 by moderator, 2 1 by admin', 'what it said before stays readable');
SELECT is(tap.call('admin', 'record_flags', tap.flag(6, '{v2,v3}')) ->> 'known', '1', 'and so on');
SELECT is(tap.state(), 'open 6 v3 v2,v3', 'while nobody has decided');

SELECT is(tap.call('moderator', 'review_flag', 'F-1', 'dismiss', 'harmless', NULL, '0') ->> 'status', 'done', 'a moderator dismisses it');
SELECT is(tap.call('moderator', 'record_flags', tap.flag(2, '{v2}')) ->> 'known', '1', 'a scan that sees less');
SELECT is(tap.state(), 'dismissed 6 v4 v2,v3', 'changes nothing under the decision');
SELECT is(tap.logged(), '0 new flags, 1 known, 1 of them differ from what was reviewed: F-1', 'and is logged');
SELECT is(tap.call('moderator', 'record_flags', tap.flag(7, '{v2,v3,v4}')) ->> 'known', '1', 'a scan that sees more');
SELECT is(tap.state(), 'open 7 v5 v2,v3,v4', 'opens it again');
SELECT is((SELECT reason FROM scrutineer.review_entry ORDER BY review DESC LIMIT 1), 'A later scan shows more than was decided about', 'and the history says why');
SELECT is(tap.logged(), '0 new flags, 1 known, 1 of them open again, with more than was decided about: F-1', 'as does the log');

SELECT alike(tap.call('moderator', 'record_flags', tap.flag(9, '{v2}', 'other')) ->> 'reason', '%is on record for duplicate_votes of t1%',
             'a key does not pass to another subject');
SELECT is((SELECT count(*) FROM scrutineer.flag_body), 5::bigint, 'and nothing of it is kept');
SELECT * FROM finish();
