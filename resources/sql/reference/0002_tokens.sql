-- Tokens: their keyed hash, their life, and the networks they vote from.

-- Bytes of a block, each XORed with one number: the pads of HMAC.
CREATE FUNCTION reference.pad_of(p_key bytea, p_with integer) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_block bytea := p_key || decode(repeat('00', 64 - octet_length(p_key)), 'hex');
BEGIN
    FOR v_place IN 0..63 LOOP
        v_block := set_byte(v_block, v_place, get_byte(v_block, v_place) # p_with);
    END LOOP;
    RETURN v_block;
END
$$;

-- The source is text, as that of every function here: so the catalogue can be compared with what was installed.
CREATE FUNCTION reference.hash_of(p_secret text, p_inner_pad bytea, p_outer_pad bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(p_outer_pad || sha256(p_inner_pad || convert_to(p_secret, 'UTF8')))
$$;

-- From now on secrets are hashed with this key; without one, with 32 bytes of the server's own generator. Tokens hashed with an older key
-- go on voting until they expire or are revoked, see revoke_tokens_of_key().
CREATE FUNCTION reference.add_hash_key(p_key bytea DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_key    bytea := coalesce(p_key, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
    v_number integer;
BEGIN
    IF octet_length(v_key) NOT BETWEEN 16 AND 64 THEN
        RAISE EXCEPTION 'a hash key has 16 to 64 bytes' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO reference.hash_key (inner_pad, outer_pad, fingerprint)
    VALUES (reference.pad_of(v_key, 54), reference.pad_of(v_key, 92),
            encode(substr(reference.hash_of('scrutineer fingerprint', reference.pad_of(v_key, 54), reference.pad_of(v_key, 92)), 1, 8), 'hex'))
    RETURNING key_number INTO v_number;
    RETURN v_number;
END
$$;

-- Gives an existing token a secret, or makes a new token with it; without p_expires_at an existing one expires when it did ('infinity': never). A
-- secret is one token's, under whatever key it was hashed. For the site's own administration.
CREATE FUNCTION reference.issue_token(p_label text, p_secret text, p_token bigint DEFAULT NULL, p_expires_at timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_key   reference.hash_key;
    v_hash  bytea;
    v_token bigint;
BEGIN
    IF coalesce(p_secret, '') = '' THEN
        RAISE EXCEPTION 'a token needs a secret' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT t.token_key INTO v_token FROM reference.hash_key k JOIN reference.token t ON t.secret_hash = reference.hash_of(p_secret, k.inner_pad, k.outer_pad)
     WHERE t.token_key IS DISTINCT FROM p_token LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'token % has this secret', v_token USING ERRCODE = 'unique_violation';
    END IF;
    SELECT * INTO v_key FROM reference.hash_key ORDER BY key_number DESC LIMIT 1;
    v_hash := reference.hash_of(p_secret, v_key.inner_pad, v_key.outer_pad);
    IF p_token IS NULL THEN
        INSERT INTO reference.token (label, secret_hash, key_number, expires_at) VALUES (p_label, v_hash, v_key.key_number, p_expires_at)
        RETURNING token_key INTO v_token;
    ELSE
        INSERT INTO reference.token (token_key, label, secret_hash, key_number, expires_at)
        VALUES (p_token, p_label, v_hash, v_key.key_number, p_expires_at)
        ON CONFLICT (token_key) DO UPDATE SET secret_hash = excluded.secret_hash, key_number = excluded.key_number,
                                              expires_at = coalesce(excluded.expires_at, token.expires_at)
        RETURNING token_key INTO v_token;
        -- The next token made without a key must not meet this one.
        PERFORM setval('reference.token_token_key_seq', v_token) WHERE v_token > (SELECT last_value FROM reference.token_token_key_seq);
    END IF;
    RETURN v_token;
END
$$;

-- Waits for the vote of this token that is on its way; whatever comes later is refused. False: it was revoked before, or is unknown.
CREATE FUNCTION reference.revoke_token(p_token bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE reference.token SET revoked_at = clock_timestamp() WHERE token_key = p_token AND revoked_at IS NULL;
    RETURN FOUND;
END
$$;

-- For a hash key that is known to someone it should not be. Returns how many tokens it took; the key itself goes.
CREATE FUNCTION reference.revoke_tokens_of_key(p_key_number integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_tokens bigint;
BEGIN
    IF p_key_number = (SELECT max(key_number) FROM reference.hash_key) THEN
        RAISE EXCEPTION 'hash key % is the one in use', p_key_number
            USING ERRCODE = 'object_in_use', HINT = 'Call add_hash_key() first, so that new tokens have another one.';
    END IF;
    PERFORM 1 FROM reference.token WHERE key_number = p_key_number AND revoked_at IS NULL ORDER BY token_key FOR NO KEY UPDATE;
    UPDATE reference.token SET revoked_at = clock_timestamp() WHERE key_number = p_key_number AND revoked_at IS NULL;
    GET DIAGNOSTICS v_tokens = ROW_COUNT;
    DELETE FROM reference.hash_key WHERE key_number = p_key_number;
    RETURN v_tokens;
END
$$;

CREATE FUNCTION reference.network_of(p_origin inet, p_bits_v4 integer, p_bits_v6 integer) RETURNS cidr LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN family(p_origin) = 4 THEN network(set_masklen(p_origin, p_bits_v4))
        -- What a listener for both families makes of an IPv4 address is one.
        WHEN p_origin <<= inet '::ffff:0:0/96' THEN network(set_masklen(inet '0.0.0.0' + (set_masklen(p_origin, 128) - inet '::ffff:0:0'), p_bits_v4))
        ELSE network(set_masklen(p_origin, p_bits_v6)) END
$$;

SELECT reference.add_hash_key();
