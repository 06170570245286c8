\set post random(1, :posts)
SELECT reference.close_post(:post);
SELECT reference.reopen_post(:post);
