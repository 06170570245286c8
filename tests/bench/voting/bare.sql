-- What a site does that neither validates, nor limits, nor tallies: one insert that the unique key guards, and one into its log.
\set token random(1, :tokens)
\set post random(1, :posts)
\set a random(0, 255)
\set b random(0, 255)
BEGIN;
INSERT INTO reference.vote (token_key, post_key, value, origin) VALUES (:token, :post, 1, ('10.' || :a || '.' || :b || '.7')::inet) ON CONFLICT (token_key, post_key) DO NOTHING;
INSERT INTO reference.attempt (token_key, post_key, value, attempted_at, finished_at, outcome, origin) VALUES (:token, :post, 1, clock_timestamp(), clock_timestamp(), 'accepted', ('10.' || :a || '.' || :b || '.7')::inet);
COMMIT;
