\set token random(1, :tokens)
\set post random(1, :posts)
SELECT outcome FROM reference.withdraw_vote('secret-' || :token, :post, '10.0.0.1');
