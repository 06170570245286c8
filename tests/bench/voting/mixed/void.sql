\set post random(1, :posts)
SELECT coalesce(array_agg(vote_key::text), '{}') AS votes FROM (SELECT vote_key FROM scrutineer.vote WHERE post_key = :post AND state = 'counted' ORDER BY random() LIMIT 20) v \gset
SELECT digest FROM scrutineer.digest_votes(:votes) \gset
SELECT gen_random_uuid()::text AS request, gen_random_uuid()::text AS back \gset
SELECT scrutineer.void_votes(:request, :votes, :digest, 'mixed load', '{}') ->> 'status' AS status \gset
SELECT digest AS undo FROM scrutineer.digest_votes(:votes) \gset
SELECT scrutineer.restore_votes(:back, :request, :undo, 'mixed load') ->> 'status';
