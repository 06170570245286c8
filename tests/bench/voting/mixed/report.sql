\set token random(1, :tokens)
\set post random(1, :posts)
\set key random(1, 100000)
SELECT outcome FROM reference.report_failure('secret-' || :token, :post, 1, NULL, 'request-' || :key, '57P01');
