\set token random(1, :tokens)
SELECT reference.revoke_token(:token);
UPDATE reference.token SET revoked_at = NULL WHERE token_key = :token;
