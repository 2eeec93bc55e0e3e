-- What people see of what happened, and whoever runs the vault of its work.

-- The log also says what the client called itself.
DROP FUNCTION audit(uuid, uuid, uuid, text, uuid, text, text, text);
CREATE FUNCTION audit(
    chain uuid, user_id uuid, actor_id uuid, event_type text, resource_id uuid,
    address text, request_id text, note text, device text DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ip_address inet := audit.address::inet;
    metadata jsonb := NULLIF(
        jsonb_strip_nulls(jsonb_build_object('note', audit.note, 'device', audit.device)), '{}'::jsonb);
    before bytea;
    next bigint;
    at timestamptz;
    made bytea;
BEGIN
    SELECT c.hash, c.number + 1 INTO before, next FROM audit_chains AS c WHERE c.chain = audit.chain FOR UPDATE;
    IF NOT FOUND THEN
        -- The first entry. Of two at once one waits here for the other, and then counts on.
        INSERT INTO audit_chains AS c (chain, number, hash) VALUES (audit.chain, 1, sha256(''))
            ON CONFLICT ON CONSTRAINT audit_chains_pkey DO UPDATE SET number = c.number + 1
            RETURNING c.hash, c.number INTO before, next;
    END IF;
    at := clock_timestamp();
    made := audit_hash(before, audit.chain, next, audit.user_id, audit.actor_id, audit.event_type,
        audit.resource_id, ip_address, audit.request_id, metadata, at);
    INSERT INTO audit_log
        (chain, number, user_id, actor_id, event_type, resource_id, ip_address, request_id, metadata, created_at, hash)
        VALUES (audit.chain, next, audit.user_id, audit.actor_id, audit.event_type, audit.resource_id,
            ip_address, audit.request_id, metadata, at, made);
    UPDATE audit_chains AS c SET number = next, hash = made WHERE c.chain = audit.chain;
END
$$;

-- Entries are asked for by chain, or all, newest first, and narrowed to a kind: the part of the event's
-- word before the dot. Nobody asks by actor since 0004 took the reference away, nor by event and time.
CREATE INDEX audit_log_chain_kind_number_idx ON audit_log (chain, split_part(event_type, '.', 1), number);
CREATE INDEX audit_log_kind_id_idx ON audit_log (split_part(event_type, '.', 1), id);
DROP INDEX audit_log_actor_id_idx;
DROP INDEX audit_log_event_type_created_at_idx;

-- What needs attention: few rows among many.
CREATE INDEX jobs_dead_idx ON jobs (finished_at) WHERE state = 'dead';
CREATE INDEX documents_failed_idx ON documents (user_id, updated_at) WHERE status = 'failed';
