-- The same vote through the one entry: token validated, both limits counted, logged, tallied.
\set token random(1, :tokens)
\set post random(1, :posts)
\set a random(0, 255)
\set b random(0, 255)
SELECT outcome FROM reference.cast_vote('secret-' || :token, :post, 1, ('10.' || :a || '.' || :b || '.7')::inet);
