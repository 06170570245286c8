SELECT count(*) FROM reference.cast_votes((SELECT jsonb_agg(jsonb_build_object('secret', 'secret-' || (1 + random() * (:tokens - 1))::int, 'post', (1 + random() * (:posts - 1))::int,
    'value', 1, 'origin', '10.0.0.' || (random() * 3)::int, 'action', (ARRAY['cast', 'change', 'withdraw'])[1 + (random() * 2)::int])) FROM generate_series(1, 20)));
