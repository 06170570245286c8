-- Made anew at every init: what a role holds beyond this is taken from it, in the schemas that are ours.
DO $$
DECLARE
    v_schema text;
    v_role   text;
BEGIN
    FOR v_schema IN SELECT nspname FROM pg_namespace WHERE nspname IN ('scrutineer', 'reference', 'reference_archive', 'unprotected', 'imported') LOOP
        EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM PUBLIC', v_schema);
        FOREACH v_role IN ARRAY ARRAY['PUBLIC', 'voting_api', 'scrutineer_reader', 'scrutineer_moderator', 'scrutineer_admin',
                                      'scrutineer_sealer', 'scrutineer_auditor'] LOOP
            EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', v_schema, v_role);
            EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %s', v_schema, v_role);
            EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %s', v_schema, v_role);
            EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM %s', v_schema, v_role);
        END LOOP;
    END LOOP;
END
$$;

ALTER DEFAULT PRIVILEGES FOR ROLE scrutineer_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

GRANT USAGE ON SCHEMA scrutineer TO scrutineer_reader, scrutineer_moderator, scrutineer_admin, scrutineer_sealer, scrutineer_auditor;
GRANT SELECT ON scrutineer.vote, scrutineer.stored_vote, scrutineer.vote_change, scrutineer.attempt, scrutineer.post, scrutineer.token, scrutineer.source, scrutineer.capability, scrutineer.safeguard,
    scrutineer.flag_queue, scrutineer.flag_body, scrutineer.flag_vote, scrutineer.review_entry, scrutineer.void_history, scrutineer.void_history_vote,
    scrutineer.restore_check, scrutineer.log_entry, scrutineer.voided, scrutineer.control_now, scrutineer.control_history, scrutineer.control_accepted,
    scrutineer.entry, scrutineer.leaf, scrutineer.subtree, scrutineer.checkpoint, scrutineer.cosignature, scrutineer.log_epoch, scrutineer.seal_head,
    scrutineer.seal_alarm, scrutineer.pseudonym_key
    TO scrutineer_reader, scrutineer_moderator, scrutineer_admin, scrutineer_auditor;
GRANT SELECT ON scrutineer.entry, scrutineer.leaf, scrutineer.subtree, scrutineer.checkpoint, scrutineer.log_epoch, scrutineer.seal_head TO scrutineer_sealer;
GRANT EXECUTE ON FUNCTION scrutineer.begin_epoch(text, text, text), scrutineer.take_entries(integer),
    scrutineer.finish_seal(integer, bigint, bytea, integer[], bigint[], bytea[]), scrutineer.store_checkpoint(integer, bigint, bytea, text),
    scrutineer.raise_seal_alarm(integer, text) TO scrutineer_sealer;
GRANT EXECUTE ON FUNCTION scrutineer.digest_votes(text[]), scrutineer.look_at_votes(scrutineer.vote_key[]), scrutineer.micros(timestamptz),
    scrutineer.pseudonym(text, bytea, bytea)
    TO scrutineer_reader, scrutineer_moderator, scrutineer_admin, scrutineer_auditor;
GRANT EXECUTE ON FUNCTION scrutineer.record_flags(uuid, jsonb), scrutineer.review_flag(uuid, text, text, text, timestamptz, bigint),
    scrutineer.propose_void(uuid, text[], text, text, text[]), scrutineer.withdraw_proposal(uuid, text), scrutineer.record_controls(uuid, jsonb)
    TO scrutineer_moderator, scrutineer_admin;
GRANT EXECUTE ON FUNCTION scrutineer.log_export(uuid, text), scrutineer.give_up_request(uuid, text),
    scrutineer.store_cosignature(integer, bigint, text, text) TO scrutineer_moderator, scrutineer_admin, scrutineer_auditor;
GRANT EXECUTE ON FUNCTION scrutineer.void_votes(uuid, text[], text, text, text[]), scrutineer.approve_void(uuid, text),
    scrutineer.restore_votes(uuid, uuid, text, text), scrutineer.accept_control(uuid, text, text, timestamptz, text) TO scrutineer_admin;

DO $$
BEGIN
    IF to_regnamespace('reference') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA reference TO voting_api;
        GRANT EXECUTE ON FUNCTION reference.cast_vote(text, bigint, real, inet, text), reference.change_vote(text, bigint, real, inet, text),
            reference.withdraw_vote(text, bigint, inet, text), reference.cast_votes(jsonb),
            reference.report_failure(text, bigint, real, inet, text, text, text) TO voting_api;
    END IF;
    IF to_regnamespace('unprotected') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA unprotected TO voting_api;
        GRANT EXECUTE ON FUNCTION unprotected.cast_vote(text, bigint, real, inet, text, interval) TO voting_api;
    END IF;
END
$$;
