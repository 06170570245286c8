-- Views over what Scrutineer keeps; made anew after the contract views at every init.
CREATE OR REPLACE VIEW scrutineer.void_history AS
SELECT q.number, q.request_id, q.kind,
       CASE WHEN w.request_id IS NOT NULL THEN 'withdrawn'
            WHEN x.request_id IS NULL THEN 'proposed'
            WHEN q.kind = 'void' AND NOT EXISTS (SELECT FROM scrutineer.voided v WHERE v.request_id = q.request_id) THEN 'restored'
            ELSE 'done' END AS state,
       q.votes, q.posts, q.requested_by, x.approved_by, q.reason, q.requested_at, x.committed_at, q.restores, u.request_id AS restored_by,
       ARRAY(SELECT f.flag_key FROM scrutineer.void_request_flag f WHERE f.request_id = q.request_id ORDER BY f.flag_key) AS flags,
       q.digest, w.withdrawn_by, w.withdrawn_at, w.reason AS withdrawal_reason,
       (SELECT count(*) FROM scrutineer.voided v WHERE v.request_id = q.request_id) AS standing
  FROM scrutineer.void_request q
  LEFT JOIN scrutineer.void_execution x ON x.request_id = q.request_id
  LEFT JOIN scrutineer.void_withdrawal w ON w.request_id = q.request_id
  LEFT JOIN LATERAL (SELECT r.request_id FROM scrutineer.void_request r WHERE r.restores = q.request_id ORDER BY r.number DESC LIMIT 1) u ON true;

CREATE OR REPLACE VIEW scrutineer.void_history_vote AS
SELECT request_id, vote_key, token_key, post_key, author_key, value, cast_at, origin FROM scrutineer.void_request_vote;

-- What stands against putting a vote of a void back; null when nothing does. One that was changed since would come back as
-- something else.
CREATE OR REPLACE VIEW scrutineer.restore_check AS
SELECT q.request_id, q.vote_key,
       CASE WHEN v.vote_key IS NULL THEN 'does not exist any more'
            WHEN w.request_id IS DISTINCT FROM q.request_id THEN 'is not voided by this request'
            WHEN (v.token_key, v.post_key, v.value, v.cast_at) IS DISTINCT FROM (q.token_key, q.post_key, q.value, q.cast_at)
                THEN format('is %s on %s of %s, %s now and was %s on %s of %s, %s when it was voided', v.token_key, v.post_key, v.value,
                            v.cast_at, q.token_key, q.post_key, q.value, q.cast_at) END AS hindrance
  FROM scrutineer.void_request_vote q
  LEFT JOIN scrutineer.vote v ON v.vote_key = q.vote_key
  LEFT JOIN scrutineer.voided w ON w.token_key = q.token_key AND w.vote_key = q.vote_key;

CREATE OR REPLACE VIEW scrutineer.review_entry AS
SELECT review, flag_key, decision, reason, actor, decided_at, snooze_until FROM scrutineer.review;

CREATE OR REPLACE VIEW scrutineer.flag_body AS
SELECT flag_key, version, body, applied, recorded_at, recorded_by FROM scrutineer.flag_version;

CREATE OR REPLACE VIEW scrutineer.flag_queue AS
SELECT f.flag_key, f.body, f.detector, f.severity, f.score, f.from_at, f.to_at, f.recorded_at, f.last_seen_at,
       CASE l.decision
            WHEN 'confirm' THEN CASE WHEN v.voided THEN 'voided' ELSE 'confirmed' END
            WHEN 'dismiss' THEN 'dismissed'
            WHEN 'snooze' THEN CASE WHEN l.snooze_until > clock_timestamp() THEN 'snoozed' ELSE 'open' END
            ELSE 'open' END AS state,
       coalesce(l.review, 0) AS last_review, coalesce(l.actor, '') AS actor,
       coalesce(CASE f.subject_kind WHEN 'token' THEN t.label WHEN 'counter' THEN p.title WHEN 'post' THEN p.title END, '') AS subject_label,
       coalesce(p.title, '') AS post_title, f.recorded_by, e.versions, e.changed_by, e.changed_at, f.priority
  FROM scrutineer.flag f
  LEFT JOIN LATERAL (SELECT g.version AS versions, CASE WHEN g.version > 1 THEN g.recorded_by END AS changed_by,
                            CASE WHEN g.version > 1 THEN g.recorded_at END AS changed_at
                       FROM scrutineer.flag_version g WHERE g.flag_key = f.flag_key ORDER BY g.version DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT r.review, r.decision, r.actor, r.snooze_until FROM scrutineer.review r
                      WHERE r.flag_key = f.flag_key ORDER BY r.review DESC LIMIT 1) l ON true
  LEFT JOIN LATERAL (SELECT EXISTS (SELECT FROM scrutineer.flag_vote e WHERE e.flag_key = f.flag_key AND e.extra)
                        AND NOT EXISTS (SELECT FROM scrutineer.flag_vote e
                                         WHERE e.flag_key = f.flag_key AND e.extra
                                           AND NOT EXISTS (SELECT FROM scrutineer.voided d
                                                             JOIN scrutineer.void_request_flag n
                                                               ON n.request_id = d.request_id AND n.flag_key = f.flag_key
                                                            WHERE d.token_key = e.token_key AND d.vote_key = e.vote_key)) AS voided
                      WHERE l.decision = 'confirm') v ON true
  LEFT JOIN scrutineer.token t ON t.token_key = f.subject_token
  LEFT JOIN scrutineer.post p ON p.post_key = f.subject_post;

-- Of every control what its newest check found, and since when it has been so: from the first check after the last one that found otherwise.
CREATE OR REPLACE VIEW scrutineer.control_now AS
SELECT c.control, c.state, c.evidence, r.at AS checked_at, r.actor,
       (SELECT min(f.at) FROM scrutineer.control_check e JOIN scrutineer.control_run f ON f.run = e.run
         WHERE e.control = c.control AND e.run > coalesce((SELECT max(o.run) FROM scrutineer.control_check o
                                                            WHERE o.control = c.control AND o.state <> c.state), 0)) AS since
  FROM scrutineer.control_check c JOIN scrutineer.control_run r ON r.run = c.run
 WHERE c.run = (SELECT max(n.run) FROM scrutineer.control_check n WHERE n.control = c.control);

CREATE OR REPLACE VIEW scrutineer.control_history AS
SELECT c.control, c.state, c.evidence, r.at, r.actor, c.took_us FROM scrutineer.control_check c JOIN scrutineer.control_run r ON r.run = c.run;

-- What somebody answers for now: the newest word on a control, unless its day has come or a check on record found since that it holds, or that it
-- fails where it could only not be checked.
CREATE OR REPLACE VIEW scrutineer.control_accepted AS
SELECT a.control, a.state, a.until, a.reason, a.at, a.actor FROM scrutineer.control_acceptance a
 WHERE a.until > clock_timestamp()
   AND NOT EXISTS (SELECT FROM scrutineer.control_acceptance n WHERE n.control = a.control AND n.acceptance > a.acceptance)
   AND NOT EXISTS (SELECT FROM scrutineer.control_check c JOIN scrutineer.control_run r ON r.run = c.run
                    WHERE c.control = a.control AND r.at > a.at AND (c.state = 'holds' OR c.state = 'fails' AND a.state = 'unknown'));
