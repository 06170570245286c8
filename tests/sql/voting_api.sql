-- source: reference
-- The example of resources/sql/VOTING.md, as PostgREST or a Supabase RPC runs it: a login that is nobody, a role for the web, and a function
-- of the site's own in front of the voting functions.
SELECT no_plan();
INSERT INTO reference.post (post_key, title) VALUES (1, 'open');
SELECT reference.issue_token('alice', 'a-secret', 1);

CREATE ROLE site_api NOLOGIN IN ROLE voting_api;
CREATE ROLE web_anon NOLOGIN;
CREATE ROLE authenticator LOGIN NOINHERIT IN ROLE web_anon;
CREATE SCHEMA api AUTHORIZATION site_api;
SET ROLE site_api;
CREATE FUNCTION api.cast_vote(post bigint, value real, request_key text DEFAULT NULL) RETURNS reference.answer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT reference.cast_vote(secret => h.headers ->> 'x-vote-token', post => post, value => value,
                               origin => nullif(trim(split_part(h.headers ->> 'x-forwarded-for', ',', -1)), '')::inet, request_key => request_key)
      FROM (SELECT current_setting('request.headers', true)::json) AS h (headers)
$$;
REVOKE ALL ON FUNCTION api.cast_vote(bigint, real, text) FROM PUBLIC;
GRANT USAGE ON SCHEMA api TO web_anon;
GRANT EXECUTE ON FUNCTION api.cast_vote(bigint, real, text) TO web_anon;
RESET ROLE;

-- What PostgREST sends for: POST /rpc/cast_vote  x-vote-token: a-secret  {"post": 1, "value": 1, "request_key": "k1"}
SET SESSION AUTHORIZATION authenticator;
BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL ROLE web_anon;
SELECT set_config('request.headers', '{"x-vote-token": "a-secret", "x-forwarded-for": "198.51.100.1, 203.0.113.9"}', true);
SELECT to_json(api.cast_vote(post => 1, value => 1, request_key => 'k1')) AS first \gset
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL ROLE web_anon;
SELECT set_config('request.headers', '{"x-vote-token": "a-secret", "x-forwarded-for": "203.0.113.9"}', true);
SELECT to_json(api.cast_vote(post => 1, value => 1, request_key => 'k1')) AS again \gset
COMMIT;
RESET SESSION AUTHORIZATION;
SELECT is(:'first'::json ->> 'outcome', 'accepted', 'a vote through the web');
SELECT is(:'again'::text, :'first'::text, 'the retry has the same answer');
SELECT is((SELECT host(origin) || ' ' || request_key FROM reference.attempt ORDER BY attempt_key LIMIT 1), '203.0.113.9 k1', 'with the address that the proxy saw');

CREATE FUNCTION tap.web(p_sql text) RETURNS text LANGUAGE sql AS $$ SELECT tap.as_user('authenticator', $1) $$;
SELECT is(tap.web('SELECT api.cast_vote(1, 1)'), '42501', 'the login itself may nothing');
SELECT is(tap.web($$SELECT set_config('role', 'web_anon', true)$$), 'web_anon', 'but become the role for the web');
GRANT web_anon TO reader;
SELECT is(tap.as_user('reader', $$SELECT outcome FROM reference.cast_vote('a-secret', 1, 1)$$), '42501', 'which may not pass by the site''s own function');
REVOKE web_anon FROM reader;

-- From libpq, or a web backend with a pool: a login that is a member of voting_api, one statement a vote.
CREATE ROLE backend LOGIN IN ROLE voting_api;
PREPARE cast_vote AS SELECT outcome, vote_key FROM reference.cast_vote($1, $2, $3, $4, $5);
SELECT reference.issue_token('bob', 'b-secret', 2);
SET SESSION AUTHORIZATION backend;
EXECUTE cast_vote ('b-secret', 1, -1, '203.0.113.10', 'k2') \gset
RESET SESSION AUTHORIZATION;
SELECT is(:'outcome'::text, 'accepted', 'a vote through a pool');
SELECT is((SELECT count(*) FROM reference.vote), 2::bigint, 'both are stored');
SELECT * FROM finish();
