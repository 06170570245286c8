CREATE OR REPLACE VIEW scrutineer.vote AS
SELECT v.vote_key, v.token_key, v.post_key, p.author_key, coalesce(n.value, v.value) AS value, v.cast_at, v.origin,
       CASE WHEN d.vote_key IS NOT NULL THEN 'voided' WHEN n.token_key IS NOT NULL AND n.value IS NULL THEN 'withdrawn' ELSE 'counted' END AS state,
       v.ctid AS row_location, v.xmin AS row_xid
  FROM reference.vote v
  LEFT JOIN reference.vote_now n ON n.token_key = v.token_key AND n.post_key = v.post_key
  LEFT JOIN scrutineer.voided d ON d.token_key = v.token_key AND d.vote_key = v.vote_key
  LEFT JOIN reference.post p ON p.post_key = v.post_key;

CREATE OR REPLACE VIEW scrutineer.stored_vote AS
SELECT v.vote_key, v.token_key, v.post_key, coalesce(n.value, v.value) AS value, v.cast_at, v.ctid AS row_location, v.origin
  FROM reference.vote v
  LEFT JOIN reference.vote_now n ON n.token_key = v.token_key AND n.post_key = v.post_key
 WHERE n.token_key IS NULL OR n.value IS NOT NULL;

CREATE OR REPLACE VIEW scrutineer.attempt AS
SELECT attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, origin, request_key, row_xid, action
  FROM reference.attempt_history;

CREATE OR REPLACE VIEW scrutineer.vote_change AS
SELECT v.vote_key, e.kind AS action, e.at FROM reference.vote_event e JOIN reference.vote v ON v.token_key = e.token_key AND v.post_key = e.post_key
UNION ALL -- what counts now and is not what the last event left: a change that nobody asked for
SELECT v.vote_key, 'altered', timestamptz 'infinity' FROM reference.vote_now n JOIN reference.vote v ON v.token_key = n.token_key AND v.post_key = n.post_key
 WHERE NOT EXISTS (SELECT FROM reference.vote_event e WHERE e.token_key = n.token_key AND e.post_key = n.post_key AND e.revision = n.revision
                      AND e.value IS NOT DISTINCT FROM n.value)
UNION ALL
SELECT v.vote_key, 'altered', timestamptz 'infinity' FROM reference.vote_event e JOIN reference.vote v ON v.token_key = e.token_key AND v.post_key = e.post_key
 WHERE NOT EXISTS (SELECT FROM reference.vote_event l WHERE l.token_key = e.token_key AND l.post_key = e.post_key AND l.revision > e.revision)
   AND NOT EXISTS (SELECT FROM reference.vote_now n WHERE n.token_key = e.token_key AND n.post_key = e.post_key AND n.revision = e.revision);

CREATE OR REPLACE VIEW scrutineer.post AS
SELECT p.post_key, p.title, p.author_key, p.created_at, coalesce(t.score, 0) AS counter, p.closed_at
  FROM reference.post p
  LEFT JOIN (SELECT post_key, sum(score) AS score FROM reference.tally GROUP BY post_key) t ON t.post_key = p.post_key;

CREATE OR REPLACE VIEW scrutineer.token AS
SELECT token_key, label, created_at, CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'active' END AS state
  FROM reference.token;

CREATE OR REPLACE VIEW scrutineer.source AS
SELECT adapter, '1'::text AS adapter_version, environment, two_person_rule,
       'The database keeps instants (timestamptz); no zone is assumed.'::text AS time_zone_note,
       (SELECT max(pg_relation_size(t.relid)) FROM pg_partition_tree('reference.vote') t) / current_setting('block_size')::bigint AS vote_pages
  FROM scrutineer.setting;

CREATE OR REPLACE VIEW scrutineer.capability AS
SELECT name, available, detail FROM (VALUES
    ('has_attempts', true, 'cast_vote() logs every attempt, refused ones too'),
    ('has_counter', true, 'the sum of the tally shards of a post'),
    ('has_origin', true, ''),
    ('has_author', true, ''),
    ('has_history', true, 'votes are never updated or deleted; a change is an event'),
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

-- What the controls need to know of the voting system.
CREATE OR REPLACE VIEW scrutineer.safeguard AS
SELECT name, value FROM reference.rule r CROSS JOIN LATERAL (VALUES
    ('vote_table', 'reference.vote'::regclass::oid::text), ('token_column', 'token_key'), ('post_column', 'post_key'),
    ('request_table', 'reference.request'::regclass::oid::text),
    ('record_tables', array_to_string(ARRAY['reference.vote'::regclass, 'reference.vote_event'::regclass, 'reference.attempt'::regclass]::oid[], ' ')),
    ('entry_function', 'reference.cast_vote(text,bigint,real,inet,text)'::regprocedure::oid::text),
    ('voting_functions', array_to_string(ARRAY[
        'reference.cast_vote(text,bigint,real,inet,text)'::regprocedure, 'reference.change_vote(text,bigint,real,inet,text)'::regprocedure,
        'reference.withdraw_vote(text,bigint,inet,text)'::regprocedure, 'reference.cast_votes(jsonb)'::regprocedure,
        'reference.report_failure(text,bigint,real,inet,text,text,text)'::regprocedure]::oid[], ' ')),
    ('token_rate', r.token_rate::text), ('token_burst', r.token_burst::text),
    ('hash_keys', (SELECT count(*)::text FROM reference.hash_key)),
    ('hash_key_fingerprint', (SELECT string_agg(k.fingerprint, ' ' ORDER BY k.key_number DESC) FROM reference.hash_key k)),
    ('hash_key_readers', (SELECT coalesce(string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, ', '), '')
                            FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.oid = 'reference.hash_key'::regclass AND a.grantee <> c.relowner)),
    ('tokens_hashed', (SELECT count(*)::text FROM reference.token WHERE secret_hash IS NOT NULL)),
    ('tokens_in_clear', (SELECT count(*)::text FROM pg_attribute WHERE attrelid = 'reference.token'::regclass AND attname ~ 'secret|password' AND attname <> 'secret_hash' AND NOT attisdropped))
) AS f (name, value);

-- A vote that was voided is not its token's to change any more.
CREATE OR REPLACE FUNCTION reference.is_voided(p_token bigint, p_vote bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM scrutineer.voided d WHERE d.token_key::bigint = p_token AND d.vote_key::bigint = p_vote)
$$;

-- Shard 64 is the voids' own: voters never wait for it.
CREATE OR REPLACE FUNCTION scrutineer.site_adjust_scores(posts scrutineer.post_key[], deltas double precision[], counts bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO reference.tally AS t (post_key, shard, score, votes)
    SELECT a.post_key, 64, a.delta, a.votes
      FROM unnest(posts, deltas, counts) AS a (post_key, delta, votes) ORDER BY a.post_key
    ON CONFLICT (post_key, shard) DO UPDATE SET score = t.score + excluded.score, votes = t.votes + excluded.votes;
END
$$;

-- What is sealed, of both logs: attempts (a) and decisions (d). Attempts that were loaded before there were entries have none.
CREATE OR REPLACE VIEW scrutineer.entry AS
SELECT 'd'::"char" AS log, entry_key, at, xid, entry FROM scrutineer.log_entry
UNION ALL
SELECT 'a'::"char", attempt_key, attempted_at, xid, entry FROM reference.attempt_history WHERE entry IS NOT NULL;

CREATE OR REPLACE TRIGGER write_entry BEFORE INSERT ON reference.attempt FOR EACH ROW EXECUTE FUNCTION scrutineer.write_attempt_entry();
