-- name: tokens_hashed
-- group: Secrets and connections
-- title: Tokens are kept as keyed hashes
-- about: Who reads the table of tokens, a backup or a replica then cannot vote with what they read.
WITH site AS (
    SELECT (max(value) FILTER (WHERE name = 'tokens_in_clear'))::bigint AS clear, (max(value) FILTER (WHERE name = 'tokens_hashed'))::bigint AS hashed,
           (max(value) FILTER (WHERE name = 'hash_keys'))::bigint AS keys, max(value) FILTER (WHERE name = 'hash_key_readers') AS readers FROM scrutineer.safeguard
)
SELECT CASE WHEN clear > 0 OR keys = 0 OR readers <> '' THEN 'fails' WHEN hashed IS NOT NULL AND keys > 0 THEN 'holds' ELSE 'unknown' END AS state,
       CASE WHEN clear > 0 THEN format('%s secrets can be read in the table of tokens.', clear)
            WHEN readers <> '' THEN 'The key can be read by ' || readers || '.'
            WHEN keys = 0 THEN 'There is no key to hash with.'
            WHEN hashed IS NOT NULL THEN format('Tokens that have a hash: %s, none of them beside its secret; keys in use: %s.', hashed, keys)
            ELSE 'The adapter does not say how secrets are kept.' END AS evidence,
       E'Keep HMAC-SHA256(key, secret) in place of the secret, look tokens up by it, and take the column of secrets away. The key stays out of backups that others read.' AS remedy
  FROM site
