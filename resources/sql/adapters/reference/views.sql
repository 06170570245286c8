CREATE OR REPLACE VIEW scrutineer.vote AS
SELECT v.vote_key, v.token_key, v.post_key, p.author_key, v.value, v.cast_at, v.origin,
       CASE WHEN d.vote_key IS NULL THEN 'counted' ELSE 'voided' END AS state,
       v.ctid AS row_location, v.xmin AS row_xid
  FROM reference.vote v
  LEFT JOIN scrutineer.voided d ON d.token_key = v.token_key AND d.vote_key = v.vote_key
  LEFT JOIN reference.post p ON p.post_key = v.post_key;

CREATE OR REPLACE VIEW scrutineer.stored_vote AS
SELECT vote_key, token_key, post_key, value, cast_at, ctid AS row_location, origin FROM reference.vote;

CREATE OR REPLACE VIEW scrutineer.attempt AS
SELECT attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key, xmin AS row_xid
  FROM reference.attempt;

CREATE OR REPLACE VIEW scrutineer.post AS
SELECT p.post_key, p.title, p.author_key, p.created_at, coalesce(t.score, 0) AS counter, p.closed_at
  FROM reference.post p
  LEFT JOIN (SELECT post_key, sum(score) AS score FROM reference.tally GROUP BY post_key) t ON t.post_key = p.post_key;

CREATE OR REPLACE VIEW scrutineer.token AS
SELECT token_key, label, created_at, state FROM reference.token;

CREATE OR REPLACE VIEW scrutineer.source AS
SELECT adapter, '1'::text AS adapter_version, environment, two_person_rule,
       'The database keeps instants (timestamptz); no zone is assumed.'::text AS time_zone_note,
       pg_relation_size('reference.vote') / current_setting('block_size')::bigint AS vote_pages
  FROM scrutineer.setting;

CREATE OR REPLACE VIEW scrutineer.capability AS
SELECT name, available, detail FROM (VALUES
    ('has_attempts', true, 'cast_vote() logs every attempt, refused ones too'),
    ('has_counter', true, 'the sum of the tally shards of a post'),
    ('has_origin', true, ''),
    ('has_author', true, ''),
    ('has_history', true, 'votes are never updated or deleted'),
    ('has_unique_key', true, 'one vote for a token on a post'),
    ('has_row_location', true, ''),
    ('recounts_scores', false, 'the score follows by the difference'),
    ('can_void', true, ''),
    ('can_restore', true, '')) AS c (name, available, detail);

CREATE OR REPLACE FUNCTION scrutineer.site_lock_votes(keys scrutineer.vote_key[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM reference.vote WHERE vote_key = ANY (keys) ORDER BY vote_key FOR UPDATE;
END
$$;

-- Shard 16 is the voids' own: voters never wait for it.
CREATE OR REPLACE FUNCTION scrutineer.site_adjust_scores(posts scrutineer.post_key[], deltas double precision[], counts bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO reference.tally AS t (post_key, shard, score, votes)
    SELECT a.post_key, 16, a.delta, a.votes
      FROM unnest(posts, deltas, counts) AS a (post_key, delta, votes) ORDER BY a.post_key
    ON CONFLICT (post_key, shard) DO UPDATE SET score = t.score + excluded.score, votes = t.votes + excluded.votes;
END
$$;
