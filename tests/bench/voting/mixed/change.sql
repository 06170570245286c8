\set token random(1, :tokens)
\set post random(1, :posts)
\set value random(-1, 1)
SELECT outcome FROM reference.change_vote('secret-' || :token, :post, :value);
