CREATE OR REPLACE VIEW scrutineer.vote AS
SELECT v.vote_key, v.token_key, v.post_key, p.author_key, v.value, v.cast_at, v.origin,
       CASE WHEN d.vote_key IS NULL THEN 'counted' ELSE 'voided' END AS state,
       v.ctid AS row_location, v.xmin AS row_xid
  FROM unprotected.vote v
  LEFT JOIN scrutineer.voided d ON d.token_key = v.token_key AND d.vote_key = v.vote_key
  LEFT JOIN unprotected.post p ON p.post_key = v.post_key;

CREATE OR REPLACE VIEW scrutineer.stored_vote AS
SELECT vote_key, token_key, post_key, value, cast_at, ctid AS row_location, origin FROM unprotected.vote;

CREATE OR REPLACE VIEW scrutineer.attempt AS
SELECT attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key, xmin AS row_xid, action
  FROM unprotected.attempt;

-- Nobody changes a vote here: what was stored stays.
CREATE OR REPLACE VIEW scrutineer.vote_change AS
SELECT vote_key, NULL::text AS action, cast_at AS at FROM unprotected.vote WHERE false;

CREATE OR REPLACE VIEW scrutineer.post AS
SELECT post_key, title, author_key, created_at, score AS counter FROM unprotected.post;

CREATE OR REPLACE VIEW scrutineer.token AS
SELECT token_key, label, created_at, state FROM unprotected.token;

CREATE OR REPLACE VIEW scrutineer.source AS
SELECT adapter, '1'::text AS adapter_version, environment, two_person_rule,
       'The database keeps instants (timestamptz); no zone is assumed.'::text AS time_zone_note,
       pg_relation_size('unprotected.vote') / current_setting('block_size')::bigint AS vote_pages
  FROM scrutineer.setting;

CREATE OR REPLACE VIEW scrutineer.capability AS
SELECT name, available, detail FROM (VALUES
    ('has_attempts', true, ''),
    ('has_counter', true, 'the column score of a post, kept by the site''s own code'),
    ('has_origin', true, ''),
    ('has_author', true, ''),
    ('has_history', true, ''),
    ('has_unique_key', false, 'nothing keeps a token from being counted twice on a post'),
    ('has_row_location', true, ''),
    ('recounts_scores', true, ''),
    ('can_void', true, ''),
    ('can_restore', true, '')) AS c (name, available, detail);

-- What the controls need to know of the voting system.
CREATE OR REPLACE VIEW scrutineer.safeguard AS
SELECT name, value FROM (VALUES
    ('vote_table', 'unprotected.vote'::regclass::oid::text), ('token_column', 'token_key'), ('post_column', 'post_key'),
    ('record_tables', array_to_string(ARRAY['unprotected.vote'::regclass, 'unprotected.attempt'::regclass]::oid[], ' ')),
    ('entry_function', 'unprotected.cast_vote(text,bigint,real,inet,text,interval)'::regprocedure::oid::text),
    ('voting_functions', 'unprotected.cast_vote(text,bigint,real,inet,text,interval)'::regprocedure::oid::text),
    ('tokens_in_clear', (SELECT count(*)::text FROM unprotected.token WHERE secret IS NOT NULL))
) AS f (name, value);

CREATE OR REPLACE FUNCTION scrutineer.site_lock_votes(keys scrutineer.vote_key[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM unprotected.vote WHERE vote_key = ANY (keys) ORDER BY vote_key FOR UPDATE;
END
$$;

-- Counted anew from the rows: this site loses updates, so a raced vote may never have reached its score, and taking it off by a
-- delta would take it off a second time.
CREATE OR REPLACE FUNCTION scrutineer.site_adjust_scores(posts scrutineer.post_key[], deltas double precision[], counts bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM unprotected.post WHERE post_key = ANY (posts) ORDER BY post_key FOR NO KEY UPDATE;
    UPDATE unprotected.post p SET score = s.score
      FROM (SELECT a.post_key, coalesce(sum(v.value::double precision), 0) AS score
              FROM unnest(posts) AS a (post_key)
              LEFT JOIN scrutineer.vote v ON v.post_key = a.post_key AND v.state = 'counted'
             GROUP BY a.post_key) s
     WHERE p.post_key = s.post_key;
END
$$;

-- What is sealed, of both logs: attempts (a) and decisions (d). Attempts that were loaded before there were entries have none.
CREATE OR REPLACE VIEW scrutineer.entry AS
SELECT 'd'::"char" AS log, entry_key, at, xid, entry FROM scrutineer.log_entry
UNION ALL
SELECT 'a'::"char", attempt_key, attempted_at, xid, entry FROM unprotected.attempt WHERE entry IS NOT NULL;

CREATE OR REPLACE TRIGGER write_entry BEFORE INSERT ON unprotected.attempt FOR EACH ROW EXECUTE FUNCTION scrutineer.write_attempt_entry();
