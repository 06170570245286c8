-- name: idempotent_requests
-- group: Votes
-- title: A request that is sent again is answered, not repeated
-- about: A key of token and request key keeps the first answer, so that a client that lost it may ask again without voting again.
WITH site AS (SELECT (max(value) FILTER (WHERE name = 'request_table'))::oid::regclass AS requests FROM scrutineer.safeguard),
key AS (
    SELECT pg_get_indexdef(i.indexrelid) AS definition FROM site s JOIN pg_index i ON i.indrelid = s.requests
     WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = 2 AND NOT EXISTS (
           SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::smallint[]) AND a.attname NOT IN ('token_key', 'request_key'))
)
SELECT CASE WHEN EXISTS (SELECT FROM key) THEN 'holds' WHEN c.adapter = 'imported' THEN 'unknown' ELSE 'fails' END AS state,
       CASE WHEN EXISTS (SELECT FROM key) THEN (SELECT definition FROM key LIMIT 1)
            WHEN c.adapter = 'imported' THEN 'Nobody votes in an imported history.'
            WHEN s.requests IS NULL THEN 'No table keeps what a request was answered.'
            ELSE format('%s has no unique key of token and request key.', s.requests) END AS evidence,
       'Keep the answer to each request under a primary key (token_key, request_key), written in the transaction of the vote, and look there first.' AS remedy
  FROM site s CROSS JOIN scrutineer.source c
