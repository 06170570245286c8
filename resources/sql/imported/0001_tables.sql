-- A history as it is: any text as key, and duplicates of a token on a post, which are evidence and not an error.
CREATE SCHEMA imported;

CREATE TABLE imported.token (
    token_key  text COLLATE "C" PRIMARY KEY,
    label      text NOT NULL DEFAULT '',
    created_at timestamptz,
    state      text NOT NULL DEFAULT 'active'
);

CREATE TABLE imported.post (
    post_key   text COLLATE "C" PRIMARY KEY,
    title      text NOT NULL DEFAULT '',
    author_key text COLLATE "C",
    created_at timestamptz,
    counter    double precision
);

CREATE TABLE imported.vote (
    vote_key   text COLLATE "C" NOT NULL,
    token_key  text COLLATE "C" NOT NULL,
    post_key   text COLLATE "C" NOT NULL,
    author_key text COLLATE "C",
    value      real NOT NULL,
    cast_at    timestamptz NOT NULL,
    origin     inet
);
CREATE UNIQUE INDEX vote_by_key ON imported.vote (vote_key);
CREATE INDEX vote_by_time ON imported.vote (cast_at, vote_key);
CREATE INDEX vote_by_token ON imported.vote (token_key, cast_at, vote_key);
CREATE INDEX vote_by_post ON imported.vote (post_key, cast_at, vote_key);

CREATE TABLE imported.attempt (
    attempt_key  bigint NOT NULL,
    token_key    text COLLATE "C",
    post_key     text COLLATE "C",
    value        real,
    attempted_at timestamptz NOT NULL,
    finished_at  timestamptz,
    outcome      text NOT NULL,
    sqlstate     text,
    vote_key     text COLLATE "C",
    origin       inet,
    request_key  text
);
CREATE UNIQUE INDEX attempt_by_key ON imported.attempt (attempt_key);
CREATE INDEX attempt_by_time ON imported.attempt (attempted_at, attempt_key);
CREATE INDEX attempt_by_token ON imported.attempt (token_key, attempted_at, attempt_key);
CREATE INDEX attempt_by_post ON imported.attempt (post_key, attempted_at, attempt_key);

-- One row an import; the sums number the rows that come without a key.
CREATE TABLE imported.load (
    load_key    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    loaded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    description text NOT NULL,
    votes       bigint NOT NULL,
    attempts    bigint NOT NULL,
    has_origin  boolean NOT NULL,
    has_author  boolean NOT NULL
);
