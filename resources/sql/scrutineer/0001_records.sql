CREATE TABLE scrutineer.flag (
    flag_key      text PRIMARY KEY CHECK (flag_key <> ''),
    detector      text NOT NULL,
    rule_version  text NOT NULL,
    subject_kind  text NOT NULL CHECK (subject_kind IN ('token', 'counter', 'post', 'group', 'subnet')),
    subject_key   text NOT NULL,
    subject_token scrutineer.token_key,
    subject_post  scrutineer.post_key,
    post_key      text,
    from_at       timestamptz NOT NULL,
    to_at         timestamptz NOT NULL,
    score         double precision NOT NULL,
    severity      text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    body          jsonb NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by   text NOT NULL DEFAULT session_user,
    last_seen_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX flag_by_time ON scrutineer.flag (from_at, to_at);

-- Every body that was recorded for a flag and by whom: what it said before stays readable. Not applied: the flag was reviewed by
-- then, so the queue goes on showing what the moderator saw.
CREATE TABLE scrutineer.flag_version (
    flag_key    text NOT NULL REFERENCES scrutineer.flag,
    version     integer NOT NULL CHECK (version > 0),
    body        jsonb NOT NULL,
    applied     boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    PRIMARY KEY (flag_key, version)
);

CREATE TABLE scrutineer.flag_vote (
    flag_key  text NOT NULL REFERENCES scrutineer.flag,
    vote_key  scrutineer.vote_key NOT NULL,
    token_key scrutineer.token_key,
    ordinal   integer NOT NULL,
    extra     boolean NOT NULL,
    PRIMARY KEY (flag_key, ordinal)
);
CREATE INDEX flag_vote_by_vote ON scrutineer.flag_vote (vote_key);

CREATE TABLE scrutineer.review (
    review       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    flag_key     text NOT NULL REFERENCES scrutineer.flag,
    decision     text NOT NULL CHECK (decision IN ('confirm', 'dismiss', 'snooze', 'reopen')),
    reason       text NOT NULL CHECK (length(reason) <= 4000),
    actor        text NOT NULL DEFAULT session_user,
    decided_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    snooze_until timestamptz,
    CHECK ((decision = 'snooze') = (snooze_until IS NOT NULL))
);
CREATE INDEX review_by_flag ON scrutineer.review (flag_key, review);

-- The answer to every request that wrote something: sent again, it is answered from here.
CREATE TABLE scrutineer.answered_request (
    request_id uuid NOT NULL,
    function   text NOT NULL,
    payload    bytea NOT NULL CHECK (octet_length(payload) = 32),
    answer     jsonb NOT NULL,
    actor      text NOT NULL DEFAULT session_user,
    answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (request_id, function)
);

CREATE TABLE scrutineer.void_request (
    request_id   uuid PRIMARY KEY,
    number       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind         text NOT NULL CHECK (kind IN ('void', 'restore')),
    restores     uuid REFERENCES scrutineer.void_request,
    digest       text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    reason       text NOT NULL CHECK (length(reason) <= 4000),
    votes        bigint NOT NULL CHECK (votes > 0),
    posts        bigint NOT NULL CHECK (posts > 0),
    requested_by text NOT NULL DEFAULT session_user,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (request_id, requested_by),
    CHECK ((kind = 'restore') = (restores IS NOT NULL))
);
-- Each vote of a void is restored once (see vote_restore); what could not come back the first time may the next.
CREATE INDEX restores_of_void ON scrutineer.void_request (restores, number) WHERE restores IS NOT NULL;
CREATE INDEX void_request_by_time ON scrutineer.void_request (requested_at);

CREATE TABLE scrutineer.void_request_flag (
    request_id uuid NOT NULL REFERENCES scrutineer.void_request,
    flag_key   text NOT NULL REFERENCES scrutineer.flag,
    PRIMARY KEY (request_id, flag_key)
);
CREATE INDEX void_request_by_flag ON scrutineer.void_request_flag (flag_key);

-- The votes as they were when the request was made. No foreign key a row: the functions write both in one transaction.
CREATE TABLE scrutineer.void_request_vote (
    request_id uuid NOT NULL,
    vote_key   scrutineer.vote_key NOT NULL,
    token_key  scrutineer.token_key NOT NULL,
    post_key   scrutineer.post_key NOT NULL,
    author_key text,
    value      real NOT NULL,
    cast_at    timestamptz NOT NULL,
    origin     inet,
    PRIMARY KEY (request_id, token_key, vote_key)
);

-- That a second person approved is a constraint, not a promise of the code above it.
CREATE TABLE scrutineer.void_execution (
    request_id   uuid PRIMARY KEY,
    requested_by text NOT NULL,
    approved_by  text NOT NULL DEFAULT session_user,
    two_person   boolean NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (request_id, requested_by) REFERENCES scrutineer.void_request (request_id, requested_by),
    CHECK (NOT two_person OR requested_by <> approved_by)
);

CREATE TABLE scrutineer.void_withdrawal (
    request_id   uuid PRIMARY KEY REFERENCES scrutineer.void_request,
    withdrawn_by text NOT NULL DEFAULT session_user,
    reason       text NOT NULL CHECK (length(reason) <= 4000),
    withdrawn_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Round n of a vote is its n-th void. It is voided while its newest round has no row in vote_restore; the round of a new void is the
-- number of its restores plus one, so the key refuses a second void of a vote that is voided.
CREATE TABLE scrutineer.vote_void (
    token_key  scrutineer.token_key NOT NULL,
    vote_key   scrutineer.vote_key NOT NULL,
    round      integer NOT NULL CHECK (round > 0),
    request_id uuid NOT NULL,
    PRIMARY KEY (token_key, vote_key, round)
);
CREATE INDEX vote_void_by_request ON scrutineer.vote_void (request_id);

CREATE TABLE scrutineer.vote_restore (
    token_key  scrutineer.token_key NOT NULL,
    vote_key   scrutineer.vote_key NOT NULL,
    round      integer NOT NULL,
    request_id uuid NOT NULL,
    PRIMARY KEY (token_key, vote_key, round),
    FOREIGN KEY (token_key, vote_key, round) REFERENCES scrutineer.vote_void
);

CREATE TABLE scrutineer.log_entry (
    entry_key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor     text NOT NULL DEFAULT session_user,
    kind      text NOT NULL CHECK (kind IN ('review', 'propose', 'void', 'restore', 'record', 'export', 'install', 'import', 'withdraw', 'accept',
                                            'epoch')),
    subject   text NOT NULL,
    outcome   text NOT NULL,
    detail    text NOT NULL,
    digest    text CHECK (digest ~ '^[0-9a-f]{64}$'),  -- SHA-256 of what the entry is about and does not say in full
    xid       xid8 NOT NULL DEFAULT pg_current_xact_id(),
    entry     bytea NOT NULL                            -- what is sealed, see 0008; the columns are a copy of it
);
CREATE INDEX log_entry_by_time ON scrutineer.log_entry (at, kind, entry_key);
CREATE INDEX log_entry_by_xid ON scrutineer.log_entry (xid);

-- What the two tables above come to: the votes that are voided now. A cache, kept by triggers alone, so that reading the state of a
-- vote is one look-up by a unique key whatever the planner knows of the tables' sizes.
CREATE TABLE scrutineer.voided (
    token_key  scrutineer.token_key NOT NULL,
    vote_key   scrutineer.vote_key NOT NULL,
    round      integer NOT NULL,
    request_id uuid NOT NULL,
    PRIMARY KEY (token_key, vote_key)
);
CREATE INDEX voided_by_request ON scrutineer.voided (request_id);

CREATE FUNCTION scrutineer.follow_voids() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO scrutineer.voided (token_key, vote_key, round, request_id) SELECT token_key, vote_key, round, request_id FROM added;
    RETURN NULL;
END
$$;

CREATE FUNCTION scrutineer.follow_restores() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_restored bigint;
BEGIN
    DELETE FROM scrutineer.voided v USING added a WHERE v.token_key = a.token_key AND v.vote_key = a.vote_key AND v.round = a.round;
    GET DIAGNOSTICS v_restored = ROW_COUNT;
    IF v_restored <> (SELECT count(*) FROM added) THEN
        RAISE EXCEPTION 'a vote that is not voided cannot be restored' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER follow_voids AFTER INSERT ON scrutineer.vote_void REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION scrutineer.follow_voids();
CREATE TRIGGER follow_restores AFTER INSERT ON scrutineer.vote_restore REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION scrutineer.follow_restores();
