-- source: reference
-- What each role may, and nothing else: both lists are complete. r reader, m moderator, a admin, s sealer, u auditor, v voting_api.
SELECT no_plan();
CREATE TABLE tap.role (letter text, name text, place int);
INSERT INTO tap.role VALUES ('r', 'scrutineer_reader', 1), ('m', 'scrutineer_moderator', 2), ('a', 'scrutineer_admin', 3), ('s', 'scrutineer_sealer', 4),
                            ('u', 'scrutineer_auditor', 5), ('v', 'voting_api', 6);
CREATE VIEW tap.may_call AS
SELECT (n.nspname || '.' || p.proname)::text COLLATE "C" AS what, string_agg(r.letter, '' ORDER BY r.place) AS who
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN tap.role r ON has_function_privilege(r.name, p.oid, 'EXECUTE')
 WHERE n.nspname IN ('scrutineer', 'reference') GROUP BY 1;
CREATE VIEW tap.may_touch AS
SELECT (n.nspname || '.' || c.relname)::text COLLATE "C" AS what, g.privilege, string_agg(r.letter, '' ORDER BY r.place) AS who
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS g (privilege)
  JOIN tap.role r ON has_table_privilege(r.name, c.oid, g.privilege)
 WHERE n.nspname IN ('scrutineer', 'reference', 'reference_archive') AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY 1, 2;

SELECT results_eq('SELECT what, who FROM tap.may_call ORDER BY what', $$SELECT what COLLATE "C", who FROM (VALUES
    ('reference.cast_vote', 'v'), ('reference.cast_votes', 'v'), ('reference.change_vote', 'v'), ('reference.report_failure', 'v'), ('reference.withdraw_vote', 'v'),
    ('scrutineer.accept_control', 'a'), ('scrutineer.approve_void', 'a'), ('scrutineer.begin_epoch', 's'), ('scrutineer.digest_votes', 'rmau'),
    ('scrutineer.finish_seal', 's'), ('scrutineer.give_up_request', 'mau'), ('scrutineer.log_export', 'mau'),
    ('scrutineer.look_at_votes', 'rmau'), ('scrutineer.micros', 'rmau'), ('scrutineer.propose_void', 'ma'), ('scrutineer.pseudonym', 'rmau'), ('scrutineer.raise_seal_alarm', 's'), ('scrutineer.record_controls', 'ma'),
    ('scrutineer.record_flags', 'ma'), ('scrutineer.restore_votes', 'a'), ('scrutineer.review_flag', 'ma'), ('scrutineer.store_checkpoint', 's'),
    ('scrutineer.store_cosignature', 'mau'), ('scrutineer.take_entries', 's'), ('scrutineer.void_votes', 'a'),
    ('scrutineer.withdraw_proposal', 'ma')) AS e (what, who)$$, 'who may call what, and nobody anything else');
SELECT results_eq($$SELECT what, who FROM tap.may_touch WHERE privilege = 'SELECT' ORDER BY what$$, $$SELECT what COLLATE "C", who FROM (VALUES
    ('scrutineer.attempt', 'rmau'), ('scrutineer.capability', 'rmau'), ('scrutineer.checkpoint', 'rmasu'), ('scrutineer.control_accepted', 'rmau'), ('scrutineer.control_history', 'rmau'), ('scrutineer.control_now', 'rmau'), ('scrutineer.cosignature', 'rmau'), ('scrutineer.entry', 'rmasu'),
    ('scrutineer.flag_body', 'rmau'), ('scrutineer.flag_queue', 'rmau'), ('scrutineer.flag_vote', 'rmau'), ('scrutineer.leaf', 'rmasu'),
    ('scrutineer.log_entry', 'rmau'), ('scrutineer.log_epoch', 'rmasu'), ('scrutineer.post', 'rmau'), ('scrutineer.pseudonym_key', 'rmau'),
    ('scrutineer.restore_check', 'rmau'), ('scrutineer.review_entry', 'rmau'), ('scrutineer.safeguard', 'rmau'), ('scrutineer.seal_alarm', 'rmau'),
    ('scrutineer.seal_head', 'rmasu'), ('scrutineer.source', 'rmau'), ('scrutineer.stored_vote', 'rmau'), ('scrutineer.subtree', 'rmasu'), ('scrutineer.token', 'rmau'), ('scrutineer.void_history', 'rmau'), ('scrutineer.void_history_vote', 'rmau'),
    ('scrutineer.voided', 'rmau'), ('scrutineer.vote', 'rmau'), ('scrutineer.vote_change', 'rmau')) AS e (what, who)$$, 'who may read what, and nobody anything else');
SELECT is((SELECT count(*) FROM tap.may_touch WHERE privilege <> 'SELECT'), 0::bigint, 'nobody may write any table');
SELECT is((SELECT string_agg(what, ', ') FROM tap.may_touch WHERE what LIKE 'reference%'), NULL, 'nor read one of the voting system itself');
SELECT is((SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles WHERE rolname IN (SELECT name FROM tap.role UNION SELECT 'scrutineer_owner')
              AND (rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)), NULL, 'no role logs in or has an attribute');
SELECT is((SELECT count(*) FROM pg_auth_members m WHERE m.member IN (SELECT oid FROM pg_roles WHERE rolname IN (SELECT name FROM tap.role))), 0::bigint, 'none is a member of another');

-- By doing it, from both sides.
INSERT INTO reference.post (post_key) VALUES (1);
SELECT reference.issue_token('t', 's', 1);
CREATE ROLE voter LOGIN IN ROLE voting_api;
CREATE ROLE sealer LOGIN IN ROLE scrutineer_sealer;
CREATE FUNCTION tap.can(p_user text, p_sql text) RETURNS boolean LANGUAGE sql AS $$ SELECT coalesce(tap.as_user($1, $2) !~ '^42501$', true) $$;
CREATE TABLE tap.act (name text, sql text, who text);
INSERT INTO tap.act VALUES
    ('vote', $$SELECT outcome FROM reference.cast_vote('s', 1, 1)$$, 'voter'),
    ('change a vote', $$SELECT outcome FROM reference.change_vote('s', 1, -1)$$, 'voter'),
    ('read votes', 'SELECT count(*) FROM scrutineer.vote', 'admin auditor moderator reader'),
    ('read the log', 'SELECT count(*) FROM scrutineer.log_entry', 'admin auditor moderator reader'),
    ('read the entries', 'SELECT count(*) FROM scrutineer.entry', 'admin auditor moderator reader sealer'),
    ('begin an epoch', $$SELECT scrutineer.begin_epoch('o', 'k', '')$$, 'sealer'),
    ('take entries', 'SELECT count(*) FROM scrutineer.take_entries(1)', 'sealer'),
    ('store a checkpoint', $$SELECT scrutineer.store_checkpoint(1, 1, sha256('x'), 'n')$$, 'sealer'),
    ('read what tokens are called in entries', 'SELECT count(*) FROM scrutineer.pseudonym_key', 'admin auditor moderator reader'),
    ('review', $$SELECT scrutineer.review_flag(gen_random_uuid(), 'F', 'confirm', 'x', NULL, 0)$$, 'admin moderator'),
    ('propose', $$SELECT scrutineer.propose_void(gen_random_uuid(), '{1}', '', 'x', '{}')$$, 'admin moderator'),
    ('void', $$SELECT scrutineer.void_votes(gen_random_uuid(), '{1}', '', 'x', '{}')$$, 'admin'),
    ('restore', $$SELECT scrutineer.restore_votes(gen_random_uuid(), gen_random_uuid(), '', 'x')$$, 'admin'),
    ('log an export', $$SELECT scrutineer.log_export(gen_random_uuid(), 'x')$$, 'admin auditor moderator'),
    ('record controls', $$SELECT scrutineer.record_controls(gen_random_uuid(), '[]')$$, 'admin moderator'),
    ('accept a risk', $$SELECT scrutineer.accept_control(gen_random_uuid(), 'sealed', 'fails', now() + interval '1 day', 'x')$$, 'admin'),
    ('read secrets', 'SELECT count(*) FROM reference.token', NULL), ('read keys', 'SELECT count(*) FROM reference.hash_key', NULL),
    ('write a vote', 'INSERT INTO reference.vote (token_key, post_key, value) VALUES (1, 2, 1) RETURNING 1', NULL),
    ('write the log', $$INSERT INTO scrutineer.log_entry (kind, subject, outcome, detail) VALUES ('export', '', '', '') RETURNING 1$$, NULL),
    ('issue a token', $$SELECT reference.issue_token('x', 'y')$$, NULL), ('revoke a token', 'SELECT reference.revoke_token(1)', NULL),
    ('close a post', 'SELECT reference.close_post(1)', NULL), ('do the upkeep', 'SELECT reference.upkeep()', NULL),
    ('add a key', 'SELECT reference.add_hash_key()', NULL), ('pass by the entry', $$SELECT reference.attend('cast', 's', 1, 1, NULL, NULL)$$, NULL),
    ('make a table', 'CREATE TABLE public.mine (i int)', NULL), ('make a temporary table', 'CREATE TEMPORARY TABLE mine (i int)', NULL);
SELECT is((SELECT string_agg(u, ' ' ORDER BY u) FROM unnest(ARRAY['admin', 'auditor', 'moderator', 'reader', 'sealer', 'voter']) AS u WHERE tap.can(u, a.sql)), a.who, a.name)
  FROM tap.act a;
SELECT * FROM finish();
