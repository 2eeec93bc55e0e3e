-- What every upload does, at less cost.

-- An owner's oldest document with these bytes. Planned anew at every call: a plan that was made while
-- the table was nearly empty would go on reading the owner's every document.
CREATE FUNCTION oldest_document_with(owner uuid, digest bytea) RETURNS uuid
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN (SELECT id FROM documents WHERE user_id = owner AND sha256 = digest ORDER BY created_at, id LIMIT 1);
END
$$;

-- As before, but with one new version of the chain's row instead of two.
CREATE OR REPLACE FUNCTION audit(
    chain uuid, user_id uuid, actor_id uuid, event_type text, resource_id uuid,
    address text, request_id text, note text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ip_address inet := audit.address::inet;
    metadata jsonb := CASE WHEN audit.note IS NULL THEN NULL ELSE jsonb_build_object('note', audit.note) END;
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
