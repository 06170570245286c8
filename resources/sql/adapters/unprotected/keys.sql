CREATE DOMAIN scrutineer.token_key AS bigint;
CREATE DOMAIN scrutineer.post_key AS bigint;
CREATE DOMAIN scrutineer.vote_key AS bigint;
