-- name: unique_key
-- group: Votes
-- title: One vote for a token on a post is a key
-- about: A unique index over token and post, valid, checked at once and without exceptions, is what no race gets past.
WITH site AS (
    SELECT (max(value) FILTER (WHERE name = 'vote_table'))::oid::regclass AS votes, max(value) FILTER (WHERE name = 'token_column') AS token,
           max(value) FILTER (WHERE name = 'post_column') AS post FROM scrutineer.safeguard
), indexes AS (
    SELECT pg_get_indexdef(i.indexrelid) AS definition, i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
           AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
                 WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::smallint[])) = (SELECT array_agg(c ORDER BY c) FROM unnest(ARRAY[s.token, s.post]) AS c) AS is_it
      FROM site s JOIN pg_index i ON i.indrelid = s.votes
)
SELECT CASE WHEN s.votes IS NULL THEN 'unknown' WHEN EXISTS (SELECT FROM indexes WHERE is_it) THEN 'holds' ELSE 'fails' END AS state,
       CASE WHEN s.votes IS NULL THEN 'The adapter does not name the table of the votes.'
            ELSE coalesce((SELECT definition FROM indexes WHERE is_it LIMIT 1),
                          format(E'No unique index of %s covers %s and %s and nothing else, without exceptions.\n%s', s.votes, s.token, s.post,
                                 coalesce((SELECT string_agg(definition, E'\n' ORDER BY definition) FROM indexes), '-- there is no index at all'))) END AS evidence,
       CASE WHEN s.votes IS NULL THEN 'Name vote_table, token_column and post_column in the view scrutineer.safeguard.'
            ELSE format(E'-- 1. What stands in the way:\nSELECT %1$I, %2$I, count(*) FROM %3$s GROUP BY 1, 2 HAVING count(*) > 1;\n'
                        '-- 2. When those are voided and taken out%5$s\n%4$s\n'
                        '-- 3. In the voting code, let the loser of a race be refused, not raised:\n'
                        'INSERT INTO %3$s (%1$I, %2$I, …) VALUES (…) ON CONFLICT DO NOTHING;', s.token, s.post, s.votes,
                        -- CONCURRENTLY is not for partitioned tables
                        CASE WHEN c.relkind = 'p' THEN format('ALTER TABLE %s ADD CONSTRAINT one_vote_a_token_and_post UNIQUE (%I, %I);', s.votes, s.token, s.post)
                             ELSE format('CREATE UNIQUE INDEX CONCURRENTLY one_vote_a_token_and_post ON %s (%I, %I);', s.votes, s.token, s.post) END,
                        CASE WHEN c.relkind = 'p' THEN '; voters wait while it is built:' ELSE ', without stopping voters:' END) END AS remedy
  FROM site s LEFT JOIN pg_class c ON c.oid = s.votes
