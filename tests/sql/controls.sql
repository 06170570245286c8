-- source: imported
SELECT no_plan();
CREATE SEQUENCE tap.request;
CREATE FUNCTION tap.flag(p_control text, p_at text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('flag', 'F-' || p_control || p_at, 'detector', 'control', 'rule_version', p_control, 'score', 1, 'severity', 'high',
        'from', '2026-01-' || p_at || 'Z', 'to', '2026-01-' || p_at || 'Z', 'subject', jsonb_build_object('kind', 'control', 'key', p_control)) $$;
CREATE FUNCTION tap.record(p_user text, p_day text, p_states jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT tap.as_user(p_user, format('SELECT scrutineer.record_controls(%L, %L)',
        format('00000000-0000-4000-8000-%s', lpad(nextval('tap.request')::text, 12, '0')),
        (SELECT jsonb_agg(jsonb_build_object('control', s.key, 'state', s.value, 'evidence', 'seen on ' || p_day, 'took_us', 5, 'flag', tap.flag(s.key, p_day)))
           FROM jsonb_each_text(p_states) s))) $$;
CREATE FUNCTION tap.fell(p_user text, p_day text, p_states jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT (SELECT string_agg(f, ',') FROM jsonb_array_elements_text(tap.record(p_user, p_day, p_states)::jsonb -> 'fell') f) $$;

SELECT is(tap.fell('moderator', '01', '{"unique_key": "holds", "sealed": "fails"}'), NULL, 'what failed from the first did not fall');
SELECT is((SELECT count(*) FROM scrutineer.flag_queue), 0::bigint, 'and raises no flag');
SELECT is(tap.fell('moderator', '02', '{"unique_key": "fails", "sealed": "fails"}'), 'unique_key', 'what held and does not fell');
SELECT is((SELECT flag_key || ' ' || state || ' ' || severity FROM scrutineer.flag_queue), 'F-unique_key02 open high', 'and raises a flag');
SELECT is(tap.fell('moderator', '03', '{"unique_key": "fails"}'), NULL, 'it falls once');
SELECT is(tap.fell('moderator', '04', '{"unique_key": "holds"}'), NULL, 'it holds again');
SELECT is(tap.fell('admin', '05', '{"unique_key": "unknown"}'), NULL, 'and cannot be told once');
SELECT is(tap.fell('admin', '05', '{"unique_key": "unknown"}'), 'unique_key', 'what held and cannot be told twice fell too');
SELECT is(tap.fell('admin', '05', '{"unique_key": "unknown"}'), NULL, 'it falls once');
SELECT is(tap.fell('admin', '06', '{"unique_key": "fails"}'), 'unique_key', 'what held when it could last be told, fell');
SELECT is((SELECT count(*) FROM scrutineer.flag_queue), 3::bigint, 'another fall, another flag');
SELECT is((SELECT string_agg(state, ' ' ORDER BY at) FROM scrutineer.control_history WHERE control = 'unique_key'), 'holds fails fails holds unknown unknown unknown fails', 'the history is kept');
SELECT is((SELECT string_agg(format('%s %s by %s', control, state, actor), ', ' ORDER BY control) FROM scrutineer.control_now), 'sealed fails by moderator, unique_key fails by admin', 'and what is now');
SELECT is((SELECT since FROM scrutineer.control_now WHERE control = 'sealed'), (SELECT min(at) FROM scrutineer.control_history), 'since the first of the checks that found the same');
SELECT is((SELECT since FROM scrutineer.control_now WHERE control = 'unique_key'), (SELECT max(at) FROM scrutineer.control_history), 'and not longer');
SELECT is((SELECT detail FROM scrutineer.log_entry ORDER BY entry_key DESC LIMIT 1), 'controls: 0 hold, 1 fail, 0 cannot be checked, 1 fell: unique_key', 'it is logged');

SELECT alike(tap.record('moderator', '07', '{"nonsense!": "holds"}'), '%nonsense!%refused%', 'a name that is none');
SELECT alike(tap.record('moderator', '07', '{"unique_key": "perhaps"}'), '%refused%', 'a state that is none');
SELECT is((SELECT count(*) FROM scrutineer.control_history), 10::bigint, 'nothing of it is kept');
SELECT is(tap.record('reader', '08', '{"unique_key": "holds"}'), '42501', 'a reader records nothing');
SELECT is(tap.record('auditor', '08', '{"unique_key": "holds"}'), '42501', 'nor does an auditor');
SELECT is(tap.as_user('reader', 'SELECT count(*) FROM scrutineer.control_now'), '2', 'both may look');

CREATE FUNCTION tap.accept(p_user text, p_control text, p_until text, p_reason text, p_state text DEFAULT 'fails') RETURNS text LANGUAGE sql AS $$
    SELECT tap.as_user(p_user, format('SELECT scrutineer.accept_control(%L, %L, %L, %s, %L)',
        format('00000000-0000-4000-8000-%s', lpad(nextval('tap.request')::text, 12, '0')), p_control, p_state, p_until, p_reason)) $$;
SELECT is(tap.accept('moderator', 'sealed', $$now() + interval '30 days'$$, 'x'), '42501', 'a moderator answers for nothing');
SELECT alike(tap.accept('admin', 'sealed', $$now() + interval '400 days'$$, 'x'), '%within a year%', 'nobody answers for ever');
SELECT alike(tap.accept('admin', 'sealed', $$now() - interval '1 second'$$, 'x'), '%within a year%', 'nor until yesterday');
SELECT alike(tap.accept('admin', 'sealed', $$'infinity'$$, 'x'), '%within a year%', 'nor until infinity');
SELECT alike(tap.accept('admin', 'sealed', $$now() + interval '1 day'$$, ' '), '%says why%', 'nor without a reason');
SELECT alike(tap.accept('admin', 'no control!', $$now() + interval '1 day'$$, 'x'), '%not the name%', 'nor for what is none');
SELECT alike(tap.accept('admin', 'sealed', $$now() + interval '1 day'$$, 'x', 'holds'), '%fails or cannot%', 'nor for what holds');
SELECT alike(tap.accept('admin', 'sealed', 'NULL', 'x'), '%nobody answers%', 'what nobody answers for cannot be ended');
SELECT alike(tap.accept('admin', 'sealed', $$now() + interval '30 days'$$, 'the sealer comes in May'), '%done%', 'an admin may');
SELECT is((SELECT string_agg(control || ' ' || reason || ' ' || actor, ',') FROM scrutineer.control_accepted), 'sealed the sealer comes in May admin', 'it stands');
SELECT is((SELECT kind || ' ' || subject || ' ' || outcome FROM scrutineer.log_entry ORDER BY entry_key DESC LIMIT 1), 'accept sealed done', 'and is in the log');
SELECT alike(tap.accept('admin2', 'sealed', 'NULL', 'no'), '%done%', 'another ends it');
SELECT is((SELECT count(*) FROM scrutineer.control_accepted), 0::bigint, 'it stands no longer');
SELECT alike(tap.accept('admin', 'sealed', $$now() + interval '30 days'$$, 'again'), '%done%', 'it is accepted again');
SELECT is(tap.fell('admin', '09', '{"sealed": "fails"}'), NULL, 'it fails on');
SELECT is((SELECT count(*) FROM scrutineer.control_accepted), 1::bigint, 'and stays accepted');
SELECT is(tap.fell('admin', '10', '{"sealed": "holds"}'), NULL, 'it holds');
SELECT is((SELECT count(*) FROM scrutineer.control_accepted), 0::bigint, 'and what was accepted is over: the next fall is a new one');
SELECT is(tap.fell('admin', '11', '{"sealed": "fails"}'), 'sealed', 'which raises its flag');
SELECT alike(tap.accept('admin', 'transport', $$now() + interval '30 days'$$, 'asked for the grant', 'unknown'), '%done%', 'what cannot be checked is accepted');
SELECT is(tap.fell('admin', '12', '{"transport": "unknown"}'), NULL, 'and cannot be checked');
SELECT is((SELECT count(*) FROM scrutineer.control_accepted WHERE control = 'transport'), 1::bigint, 'as long as it stays so');
SELECT is(tap.fell('admin', '13', '{"transport": "fails"}'), NULL, 'that it fails');
SELECT is((SELECT count(*) FROM scrutineer.control_accepted WHERE control = 'transport'), 0::bigint, 'nobody has accepted');
SELECT throws_ok($$INSERT INTO scrutineer.control_acceptance (control, state, until, reason) VALUES ('sealed', 'fails', '2999-01-01', 'x')$$, '23514', NULL, 'not even the owner accepts for ever');
SELECT throws_ok('DELETE FROM scrutineer.control_acceptance', NULL, NULL, 'nothing of it is taken away');
SELECT * FROM finish();
