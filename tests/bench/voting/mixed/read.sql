\set post random(1, :posts)
SELECT count(*), sum(value) FROM scrutineer.vote WHERE post_key = :post AND state = 'counted';
SELECT counter FROM scrutineer.post WHERE post_key = :post;
