\set token random(1, :tokens)
\set post random(1, :posts)
\set a random(0, 3)
\set key random(1, 100000)
SELECT outcome FROM reference.cast_vote('secret-' || :token, :post, 1, ('10.0.0.' || :a)::inet, 'request-' || :key);
