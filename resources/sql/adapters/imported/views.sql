CREATE OR REPLACE VIEW scrutineer.vote AS
SELECT v.vote_key, v.token_key, v.post_key, coalesce(v.author_key, p.author_key) AS author_key, v.value, v.cast_at, v.origin,
       CASE WHEN d.vote_key IS NULL THEN 'counted' ELSE 'voided' END AS state,
       v.ctid AS row_location, v.xmin AS row_xid
  FROM imported.vote v
  LEFT JOIN scrutineer.voided d ON d.token_key = v.token_key AND d.vote_key = v.vote_key
  LEFT JOIN imported.post p ON p.post_key = v.post_key;

CREATE OR REPLACE VIEW scrutineer.stored_vote AS
SELECT vote_key, token_key, post_key, value, cast_at, ctid AS row_location, origin FROM imported.vote;

CREATE OR REPLACE VIEW scrutineer.attempt AS
SELECT attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key, xmin AS row_xid,
       'cast'::text AS action
  FROM imported.attempt;

-- Nobody changes a vote here: what was stored stays.
CREATE OR REPLACE VIEW scrutineer.vote_change AS
SELECT vote_key, NULL::text AS action, cast_at AS at FROM imported.vote WHERE false;

CREATE OR REPLACE VIEW scrutineer.post AS
SELECT post_key, title, author_key, created_at, counter FROM imported.post;

CREATE OR REPLACE VIEW scrutineer.token AS
SELECT token_key, label, created_at, state FROM imported.token;

CREATE OR REPLACE VIEW scrutineer.source AS
SELECT adapter, '1'::text AS adapter_version, environment, two_person_rule,
       'Times without a zone were read as UTC at import.'::text AS time_zone_note,
       pg_relation_size('imported.vote') / current_setting('block_size')::bigint AS vote_pages
  FROM scrutineer.setting;

-- Looks at what the imports said and at the first rows: it is asked at every connect, of tables of any size.
CREATE OR REPLACE VIEW scrutineer.capability AS
WITH brought AS (
    SELECT coalesce((SELECT bool_or(has_origin) FROM imported.load), false)
           OR EXISTS (SELECT FROM (SELECT origin FROM imported.vote LIMIT 1000) f WHERE origin IS NOT NULL) AS origin,
           coalesce((SELECT bool_or(has_author) FROM imported.load), false)
           OR EXISTS (SELECT FROM (SELECT author_key FROM imported.vote LIMIT 1000) f WHERE author_key IS NOT NULL)
           OR EXISTS (SELECT FROM (SELECT author_key FROM imported.post LIMIT 1000) f WHERE author_key IS NOT NULL) AS author,
           EXISTS (SELECT FROM imported.post WHERE counter IS NOT NULL) AS counter,
           EXISTS (SELECT FROM imported.attempt) AS attempts
)
SELECT c.name, c.available, CASE WHEN c.available THEN '' ELSE c.missing END AS detail
  FROM brought b CROSS JOIN LATERAL (VALUES
    ('has_attempts', b.attempts, 'no attempt log was imported'),
    ('has_counter', b.counter, 'no post came with a counter'),
    ('has_origin', b.origin, 'no vote came with an address'),
    ('has_author', b.author, 'neither votes nor posts came with an author'),
    ('has_history', true, ''),
    ('has_unique_key', false, 'an imported history keeps duplicates: they are evidence'),
    ('has_row_location', true, ''),
    ('recounts_scores', false, 'the score follows by the difference'),
    ('can_void', true, ''),
    ('can_restore', true, '')) AS c (name, available, missing);

-- What the controls need to know of the voting system: of a history nobody votes in, only where its votes are.
CREATE OR REPLACE VIEW scrutineer.safeguard AS
SELECT name, value FROM (VALUES
    ('vote_table', 'imported.vote'::regclass::oid::text), ('token_column', 'token_key'), ('post_column', 'post_key')
) AS f (name, value);

CREATE OR REPLACE FUNCTION scrutineer.site_lock_votes(keys scrutineer.vote_key[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM imported.vote WHERE vote_key = ANY (keys) ORDER BY vote_key FOR UPDATE;
END
$$;

-- A counter that came with the history is evidence; where there is one it follows the voids, as the site's own would.
CREATE OR REPLACE FUNCTION scrutineer.site_adjust_scores(posts scrutineer.post_key[], deltas double precision[], counts bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM imported.post WHERE post_key = ANY (posts) ORDER BY post_key FOR NO KEY UPDATE;
    UPDATE imported.post p SET counter = p.counter + a.delta
      FROM unnest(posts, deltas) AS a (post_key, delta) WHERE p.post_key = a.post_key AND p.counter IS NOT NULL;
END
$$;

-- What is sealed: decisions (d). The attempts of an imported history happened elsewhere; that they were loaded is a decision.
CREATE OR REPLACE VIEW scrutineer.entry AS
SELECT 'd'::"char" AS log, entry_key, at, xid, entry FROM scrutineer.log_entry;
