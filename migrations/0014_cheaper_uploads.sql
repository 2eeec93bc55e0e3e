-- What takes most of PostgreSQL's time when many small files are uploaded, done once for all that are written
-- together. Every hash stays what it was.

-- Of each of these digests an owner's oldest document, where there is one. Planned anew at every call, as
-- `oldest_document_with` is (0006). Both are volatile, so that they see what was written while their
-- statement waited for the owner's quota: a document that went meanwhile is nobody's original.
CREATE FUNCTION oldest_documents_with(owner uuid, digests bytea[]) RETURNS TABLE (digest bytea, document uuid)
    LANGUAGE plpgsql VOLATILE ROWS 10 SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT one.digest, oldest.id
          FROM unnest(digests) AS one (digest),
               LATERAL (SELECT id FROM documents WHERE user_id = owner AND sha256 = one.digest
                         ORDER BY created_at, id LIMIT 1) AS oldest;
END
$$;
ALTER FUNCTION oldest_document_with(uuid, bytea) VOLATILE;

-- What an entry's hash covers, as before (0004). In SQL it was read and planned anew in every transaction.
CREATE OR REPLACE FUNCTION audit_hash(
    before bytea, chain uuid, number bigint, user_id uuid, actor_id uuid, event_type text,
    resource_id uuid, ip_address inet, request_id text, metadata jsonb, created_at timestamptz
) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    parts text[] := ARRAY[
        chain::text, number::text, user_id::text, actor_id::text, event_type, resource_id::text,
        host(ip_address), request_id, metadata::text, extract(epoch FROM created_at)::text];
    said text[];
BEGIN
    FOR place IN 1..cardinality(parts) LOOP
        said[place] := COALESCE(length(parts[place]) || ':' || parts[place], '-');
    END LOOP;
    RETURN sha256(before || convert_to(array_to_string(said, ','), 'UTF8'));
END
$$;

-- Adds entries to a chain, in the order of the arrays and in the transaction of what they tell about. The
-- chain's row is locked until then: entries of one chain have one order.
CREATE FUNCTION audit_all(
    chain uuid, user_id uuid, actors uuid[], events text[], resources uuid[],
    addresses text[], request_ids text[], notes text[], devices text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    many integer := cardinality(events);
    ips inet[] := addresses::inet[];
    told jsonb[];
    before bytea;
    last bigint;
    at timestamptz;
    hashes bytea[];
BEGIN
    SELECT c.hash, c.number INTO before, last FROM audit_chains AS c WHERE c.chain = audit_all.chain FOR UPDATE;
    IF NOT FOUND THEN
        -- The first entries. Of two at once one waits here for the other, and then counts on.
        INSERT INTO audit_chains AS c (chain, number, hash) VALUES (audit_all.chain, many, sha256(''))
            ON CONFLICT ON CONSTRAINT audit_chains_pkey DO UPDATE SET number = c.number + many
            RETURNING c.hash, c.number - many INTO before, last;
    END IF;
    at := clock_timestamp();
    FOR place IN 1..many LOOP
        told[place] := NULLIF(
            jsonb_strip_nulls(jsonb_build_object('note', notes[place], 'device', devices[place])), '{}'::jsonb);
        before := audit_hash(before, audit_all.chain, last + place, audit_all.user_id, actors[place], events[place],
            resources[place], ips[place], request_ids[place], told[place], at);
        hashes[place] := before;
    END LOOP;
    INSERT INTO audit_log
        (chain, number, user_id, actor_id, event_type, resource_id, ip_address, request_id, metadata, created_at, hash)
        SELECT audit_all.chain, last + e.place, audit_all.user_id, e.actor, e.event, e.resource, e.ip, e.request, e.told,
               at, e.hash
          FROM unnest(actors, events, resources, ips, request_ids, told, hashes) WITH ORDINALITY
            AS e (actor, event, resource, ip, request, told, hash, place)
         ORDER BY e.place;
    UPDATE audit_chains AS c SET number = last + many, hash = before WHERE c.chain = audit_all.chain;
END
$$;

-- Adds one entry.
CREATE OR REPLACE FUNCTION audit(
    chain uuid, user_id uuid, actor_id uuid, event_type text, resource_id uuid,
    address text, request_id text, note text, device text DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_all(audit.chain, audit.user_id, ARRAY[audit.actor_id], ARRAY[audit.event_type],
        ARRAY[audit.resource_id], ARRAY[audit.address], ARRAY[audit.request_id], ARRAY[audit.note],
        ARRAY[audit.device]);
END
$$;
