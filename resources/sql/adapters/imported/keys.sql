CREATE DOMAIN scrutineer.token_key AS text COLLATE "C";
CREATE DOMAIN scrutineer.post_key AS text COLLATE "C";
CREATE DOMAIN scrutineer.vote_key AS text COLLATE "C";
