-- And with a request key, so that a retry has the first answer.
\set token random(1, :tokens)
\set post random(1, :posts)
\set a random(0, 255)
\set b random(0, 255)
\set key random(1, 1000000000)
SELECT outcome FROM reference.cast_vote('secret-' || :token, :post, 1, ('10.' || :a || '.' || :b || '.7')::inet, 'request-' || :key);
