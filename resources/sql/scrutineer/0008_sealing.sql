-- The sealed log. Every attempt and every decision is an entry: bytes that are written once, by a trigger, beside the columns that say the same.
-- A sealer gives the entries their places in one sequence, the leaves of a Merkle tree (RFC 6962), and signs its root. SEALING.md has the format.

DO $$
BEGIN
    IF getdatabaseencoding() <> 'UTF8' THEN
        RAISE EXCEPTION 'the log is sealed as UTF-8, and this database is %', getdatabaseencoding()
            USING ERRCODE = 'feature_not_supported', HINT = 'Use a database with the encoding UTF8.';
    END IF;
END
$$;

-- In entries a token and an address stand as HMAC-SHA256 (RFC 2104) under this key, cut to 128 bits: an entry can be given away. Whoever
-- may read the votes may read the key, to see that the columns say what the entry says. Destroyed, it takes the tokens out of the log.
CREATE TABLE scrutineer.pseudonym_key (
    one_row   boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)
);
INSERT INTO scrutineer.pseudonym_key (inner_pad, outer_pad)
SELECT string_agg(set_byte('\x00', 0, b.byte # 54), '' ORDER BY b.place), string_agg(set_byte('\x00', 0, b.byte # 92), '' ORDER BY b.place)
  FROM (SELECT p.place, CASE WHEN p.place < 32 THEN get_byte(k.key, p.place) ELSE 0 END AS byte
          FROM (SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) AS key OFFSET 0) k
          CROSS JOIN generate_series(0, 63) AS p (place)) b;

CREATE FUNCTION scrutineer.pseudonym(p_of text, p_inner_pad bytea, p_outer_pad bytea) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(substr(sha256(p_outer_pad || sha256(p_inner_pad || convert_to(p_of, 'UTF8'))), 1, 16), 'hex')
$$;

-- An entry is a JSON object in the canonical form of RFC 8785: names sorted, no spaces, numbers whole. PostgreSQL escapes strings as that form
-- wants it. What an inserter says of the entry or its transaction is replaced.
--
-- On the voters' path: the key is read first and the text put together in one expression without a table and with nothing that is not built in or
-- inlined (micros() is not, as an immutable function that calls a stable one). Written plainly it took a tenth of the votes a second.
CREATE FUNCTION scrutineer.write_attempt_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 AS $$
DECLARE
    v_inner bytea;
    v_outer bytea;
BEGIN
    SELECT k.inner_pad, k.outer_pad INTO v_inner, v_outer FROM scrutineer.pseudonym_key k;
    new.xid := pg_current_xact_id();
    new.entry := convert_to(concat('{"action":"', new.action, '","at":', (extract(epoch FROM new.attempted_at) * 1000000)::bigint,
                                   ',"finished":', coalesce((extract(epoch FROM new.finished_at) * 1000000)::bigint::text, 'null'),
                                   ',"key":"', new.attempt_key, '","kind":"attempt","origin":',
                                   coalesce('"' || scrutineer.pseudonym('origin ' || new.origin, v_inner, v_outer) || '"', 'null'),
                                   ',"outcome":"', new.outcome, '","post":', coalesce(to_json(new.post_key::text)::text, 'null'),
                                   ',"request":', coalesce(to_json(new.request_key)::text, 'null'),
                                   ',"sqlstate":', coalesce(to_json(new.sqlstate)::text, 'null'),
                                   ',"token":', coalesce('"' || scrutineer.pseudonym('token ' || new.token_key, v_inner, v_outer) || '"', 'null'),
                                   ',"v":1,"value":', coalesce('"' || new.value || '"', 'null'),
                                   ',"vote":', coalesce(to_json(new.vote_key::text)::text, 'null'), '}'), 'UTF8');
    RETURN new;
END
$$;

CREATE FUNCTION scrutineer.write_decision_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    new.xid := pg_current_xact_id();
    new.entry := convert_to(concat('{"actor":', to_json(new.actor), ',"at":', scrutineer.micros(new.at), ',"detail":', to_json(new.detail),
                                   ',"digest":', coalesce('"' || new.digest || '"', 'null'), ',"key":"', new.entry_key, '","kind":"', new.kind,
                                   '","outcome":', to_json(new.outcome), ',"subject":', to_json(new.subject), ',"v":1}'), 'UTF8');
    IF octet_length(new.entry) > 65535 THEN
        RAISE EXCEPTION 'an entry of the log has at most 65535 bytes' USING ERRCODE = 'string_data_right_truncation';
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER write_entry BEFORE INSERT ON scrutineer.log_entry FOR EACH ROW EXECUTE FUNCTION scrutineer.write_decision_entry();

-- A log is one tree and one origin. When a database is shorter than what was signed, its log cannot go on: a new epoch seals all that is there
-- anew, under an origin of its own.
CREATE TABLE scrutineer.log_epoch (
    epoch    integer PRIMARY KEY CHECK (epoch > 0),
    cluster  bigint NOT NULL,  -- the server's system identifier: transaction numbers mean nothing in another
    origin   text NOT NULL UNIQUE,
    verifier text NOT NULL,  -- the public key, for those who see this log for the first time; others have it from elsewhere
    reason   text NOT NULL CHECK (length(reason) <= 2000),
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    began_by text NOT NULL DEFAULT session_user
);

-- How far the newest epoch is sealed. `seen` is the snapshot of the last sealing: sealed is what it saw. The frontier has the hashes of the full
-- subtrees, the largest first.
CREATE TABLE scrutineer.seal_head (
    epoch    integer PRIMARY KEY REFERENCES scrutineer.log_epoch,
    size     bigint NOT NULL,
    frontier bytea NOT NULL,
    framed   bigint NOT NULL DEFAULT 0,  -- the size that the frontier is of; the size itself at every commit
    seen     pg_snapshot NOT NULL
) WITH (fillfactor = 10);
CREATE FUNCTION scrutineer.demand_frontier() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM scrutineer.seal_head h WHERE h.epoch = new.epoch AND h.framed <> h.size) THEN
        RAISE EXCEPTION 'entries were taken, and finish_seal() was not called' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER demand_frontier AFTER UPDATE ON scrutineer.seal_head DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION scrutineer.demand_frontier();

-- log: a attempts, d decisions. With its time an entry is found by the index of its log.
CREATE TABLE scrutineer.leaf (
    epoch     integer NOT NULL,
    leaf      bigint NOT NULL,
    log       "char" NOT NULL,
    entry_key bigint NOT NULL,
    at        timestamptz NOT NULL,
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (epoch, leaf),
    CONSTRAINT sealed_once UNIQUE (log, entry_key, at, epoch)
);

-- Hashes of the full subtrees of 256, 65536, … leaves: level 1, 2, …; level 0 is the leaves.
CREATE TABLE scrutineer.subtree (
    epoch integer NOT NULL,
    level integer NOT NULL,
    place bigint NOT NULL,
    hash  bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (epoch, level, place)
);

-- The signed notes, as they were given out.
CREATE TABLE scrutineer.checkpoint (
    epoch     integer NOT NULL REFERENCES scrutineer.log_epoch,
    size      bigint NOT NULL,
    root      bytea NOT NULL CHECK (octet_length(root) = 32),
    note      text NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    signed_by text NOT NULL DEFAULT session_user,
    PRIMARY KEY (epoch, size)
);

-- Further signatures under a checkpoint, of people who looked at it: one line of a note each.
CREATE TABLE scrutineer.cosignature (
    epoch     integer NOT NULL,
    size      bigint NOT NULL,
    name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    line      text NOT NULL CHECK (length(line) BETWEEN 1 AND 1000),
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stored_by text NOT NULL DEFAULT session_user,
    PRIMARY KEY (epoch, size, name, line),
    FOREIGN KEY (epoch, size) REFERENCES scrutineer.checkpoint
);

-- That a sealer refused to sign, and why.
CREATE TABLE scrutineer.seal_alarm (
    alarm bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    epoch integer NOT NULL,
    what  text NOT NULL CHECK (length(what) BETWEEN 1 AND 4000),
    at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL DEFAULT session_user
);

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['pseudonym_key', 'log_epoch', 'leaf', 'subtree', 'checkpoint', 'cosignature', 'seal_alarm'] LOOP
        EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON scrutineer.%I FOR EACH ROW EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
        EXECUTE format('CREATE TRIGGER not_emptied BEFORE TRUNCATE ON scrutineer.%I FOR EACH STATEMENT EXECUTE FUNCTION scrutineer.refuse_change()', v_table);
    END LOOP;
END
$$;

CREATE FUNCTION scrutineer.begin_epoch(origin text, verifier text, reason text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_epoch integer;
BEGIN
    LOCK TABLE scrutineer.log_epoch IN SHARE ROW EXCLUSIVE MODE;
    SELECT coalesce(max(e.epoch), 0) + 1 INTO v_epoch FROM scrutineer.log_epoch e;
    INSERT INTO scrutineer.log_epoch (epoch, cluster, origin, verifier, reason)
    VALUES (v_epoch, (SELECT c.system_identifier FROM pg_control_system() c), begin_epoch.origin, begin_epoch.verifier, begin_epoch.reason);
    INSERT INTO scrutineer.seal_head (epoch, size, frontier, seen) VALUES (v_epoch, 0, '', '3:3:');
    PERFORM scrutineer.log('epoch', begin_epoch.origin, 'done',
                           concat('epoch ', v_epoch, ', key ', begin_epoch.verifier, ': ' || nullif(begin_epoch.reason, ''),
                                  (SELECT '; the one before ends with ' || replace(c.note, E'\n', ' ') FROM scrutineer.checkpoint c
                                    WHERE c.epoch = v_epoch - 1 ORDER BY c.size DESC LIMIT 1)));
    RETURN v_epoch;
END
$$;

-- Gives a place to every entry that is visible now and was not in the last snapshot. Other than an order by key or time this skips nothing: a
-- transaction that commits late is in no snapshot before. Sealers go one after the other; each takes its snapshot and its rows in
-- one statement, after the lock. The caller ends with finish_seal() in the same transaction. No row: there is nothing new.
--
-- A sequential scan is forbidden, as the planner knows nothing of how few rows a second brings.
CREATE FUNCTION scrutineer.take_entries(of_epoch integer, OUT epoch integer, OUT before bigint, OUT after bigint, OUT frontier bytea) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    v_head scrutineer.seal_head;
    v_xmax xid8;
    v_xip  xid8[];
    v_rows bigint;
    v_seen pg_snapshot;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'sealing needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    -- The snapshot does not say of the caller's own transaction whether it was seen.
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'sealing needs a transaction of its own' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    SELECT * INTO v_head FROM scrutineer.seal_head h WHERE h.epoch = of_epoch;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no epoch %', of_epoch USING ERRCODE = 'no_data_found';
    ELSIF (SELECT e.cluster FROM scrutineer.log_epoch e WHERE e.epoch = of_epoch) <> (SELECT c.system_identifier FROM pg_control_system() c)
       OR pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(v_head.seen) THEN
        RAISE EXCEPTION 'this is another server than the one whose log was sealed: it was restored from a dump' USING ERRCODE = 'data_corrupted';
    ELSIF EXISTS (SELECT FROM scrutineer.entry e WHERE e.xid >= pg_snapshot_xmax(pg_current_snapshot())) THEN
        RAISE EXCEPTION 'entries bear transaction numbers that this server has not reached: they came with a dump of another server, or are forged'
            USING ERRCODE = 'data_corrupted', HINT = 'pg_resetwal --epoch lifts the numbers of a new server above them.';
    END IF;
    v_xmax := pg_snapshot_xmax(v_head.seen);
    v_xip := ARRAY(SELECT pg_snapshot_xip(v_head.seen));
    IF NOT EXISTS (SELECT FROM scrutineer.entry e WHERE e.xid >= v_xmax) AND NOT EXISTS (SELECT FROM scrutineer.entry e WHERE e.xid = ANY (v_xip)) THEN
        RETURN;
    END IF;
    SELECT * INTO v_head FROM scrutineer.seal_head h WHERE h.epoch = of_epoch FOR NO KEY UPDATE;
    v_xmax := pg_snapshot_xmax(v_head.seen);
    v_xip := ARRAY(SELECT pg_snapshot_xip(v_head.seen));
    WITH seen AS MATERIALIZED (
        SELECT pg_current_snapshot() AS now
    ), added AS (
        INSERT INTO scrutineer.leaf (epoch, leaf, log, entry_key, at, hash)
        SELECT of_epoch, v_head.size - 1 + row_number() OVER (ORDER BY e.xid, e.log, e.entry_key), e.log, e.entry_key, e.at, sha256('\x00'::bytea || e.entry)
          FROM (SELECT * FROM scrutineer.entry n WHERE n.xid >= v_xmax UNION ALL SELECT * FROM scrutineer.entry o WHERE o.xid = ANY (v_xip)) e
        RETURNING 1
    )
    SELECT s.now, (SELECT count(*) FROM added) INTO v_seen, v_rows FROM seen s;
    IF v_rows > 0 THEN
        UPDATE scrutineer.seal_head h SET size = v_head.size + v_rows, seen = v_seen WHERE h.epoch = of_epoch;
        epoch := of_epoch;
        before := v_head.size;
        after := v_head.size + v_rows;
        frontier := v_head.frontier;
        RETURN NEXT;
    END IF;
END
$$;

-- The tree over what was taken: its frontier, and the subtrees that became full.
CREATE FUNCTION scrutineer.finish_seal(of_epoch integer, of_size bigint, frontier bytea, levels integer[], places bigint[], hashes bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE scrutineer.seal_head h SET frontier = finish_seal.frontier, framed = of_size
     WHERE h.epoch = of_epoch AND h.size = of_size AND h.framed < of_size AND octet_length(finish_seal.frontier) = 32 * bit_count(int8send(of_size));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the log was sealed to another size meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    INSERT INTO scrutineer.subtree (epoch, level, place, hash)
    SELECT of_epoch, s.level, s.place, s.hash FROM unnest(levels, places, hashes) AS s (level, place, hash);
END
$$;

-- Of two sealers that signed the same, one stores it. Two roots for one size are two logs.
CREATE FUNCTION scrutineer.store_checkpoint(of_epoch integer, of_size bigint, of_root bytea, note text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF of_size > (SELECT h.size FROM scrutineer.seal_head h WHERE h.epoch = of_epoch)
       OR NOT starts_with(store_checkpoint.note, concat((SELECT e.origin FROM scrutineer.log_epoch e WHERE e.epoch = of_epoch), E'\n', of_size, E'\n',
                                                        encode(of_root, 'base64'), E'\n')) THEN
        RAISE EXCEPTION 'that is no checkpoint of this log' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO scrutineer.checkpoint (epoch, size, root, note) VALUES (of_epoch, of_size, of_root, store_checkpoint.note) ON CONFLICT (epoch, size) DO NOTHING;
    IF FOUND THEN
        RETURN true;
    ELSIF EXISTS (SELECT FROM scrutineer.checkpoint c WHERE c.epoch = of_epoch AND c.size = of_size AND c.root <> of_root) THEN
        RAISE EXCEPTION 'another root was signed for % entries', of_size USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN false;
END
$$;

CREATE FUNCTION scrutineer.store_cosignature(of_epoch integer, of_size bigint, name text, line text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT starts_with(store_cosignature.line, '— ' || store_cosignature.name || ' ') OR rtrim(store_cosignature.line, E'\n') ~ E'\n' THEN
        RAISE EXCEPTION 'that is no signature of %', store_cosignature.name USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO scrutineer.cosignature (epoch, size, name, line) VALUES (of_epoch, of_size, store_cosignature.name, store_cosignature.line) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$;

CREATE FUNCTION scrutineer.raise_seal_alarm(of_epoch integer, what text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO scrutineer.seal_alarm (epoch, what)
    SELECT of_epoch, left(raise_seal_alarm.what, 4000)
     WHERE NOT EXISTS (SELECT FROM (SELECT a.what FROM scrutineer.seal_alarm a WHERE a.epoch = of_epoch ORDER BY a.alarm DESC LIMIT 1) l
                        WHERE l.what = left(raise_seal_alarm.what, 4000));
END
$$;
