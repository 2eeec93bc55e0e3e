-- Accounts: who people are, how they prove it, and a log of what they did.

ALTER TABLE users
    -- Null until the account's owner has chosen one, and for those who only use passkeys.
    ALTER COLUMN password_hash DROP NOT NULL,
    -- Sealed, as every secret at rest.
    ALTER COLUMN totp_secret TYPE bytea USING NULL,
    -- The last time step whose code was used: no code works twice.
    ADD COLUMN totp_last_step bigint,
    -- Null while the account waits for its owner: the vault's first, made by 0005 for rows from before accounts.
    ADD COLUMN set_up_at timestamptz,
    -- Text goes to no provider but the built-in one.
    ADD COLUMN ai_local_only boolean NOT NULL DEFAULT false,
    -- How many tokens providers may be sent in a month; null for any number.
    ADD COLUMN ai_monthly_tokens bigint CHECK (ai_monthly_tokens >= 0),
    ADD CHECK (handle ~ '^[a-z0-9][a-z0-9_-]{1,31}$'),
    ADD CHECK (email = lower(email));

-- One login on one device. Every access token names its session, which is looked up on every request.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    device text NOT NULL DEFAULT '' CHECK (char_length(device) <= 200),
    ip_address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id) WHERE revoked_at IS NULL;

-- A session's refresh tokens are a family: only the newest is good, and an older one coming back
-- means that somebody copied it.
ALTER TABLE refresh_tokens
    ADD COLUMN session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    -- When it was exchanged for the next.
    ADD COLUMN used_at timestamptz,
    ADD CHECK (octet_length(token_hash) = 32);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expires_at_idx ON refresh_tokens (expires_at);

-- Personal tokens for programs.
CREATE TABLE api_tokens (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    -- Its first characters, to recognise it by.
    hint text NOT NULL CHECK (char_length(hint) <= 16),
    scope text NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
    expires_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, name)
);

-- Links that are sent or shown once: set-up, invitation, password reset, change of address, and the
-- step between password and second factor.
CREATE TABLE one_time_tokens (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    kind text NOT NULL CHECK (kind IN ('setup', 'invite', 'password_reset', 'email_change', 'second_factor')),
    user_id uuid REFERENCES users ON DELETE CASCADE,
    -- The address that an invitation was sent to, or that an account shall have.
    email text CHECK (email = lower(email)),
    -- What an invited person becomes.
    role text CHECK (role IN ('user', 'admin')),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind IN ('setup', 'invite')) = (user_id IS NULL))
);
CREATE INDEX one_time_tokens_user_id_idx ON one_time_tokens (user_id, kind);
CREATE INDEX one_time_tokens_expires_at_idx ON one_time_tokens (expires_at);

CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE passkeys (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    -- The public key and its counter, as webauthn-rs keeps them.
    passkey jsonb NOT NULL,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX passkeys_user_id_idx ON passkeys (user_id);

-- A passkey being made or asked for: what the server must remember between its question and the answer.
CREATE TABLE passkey_ceremonies (
    id uuid PRIMARY KEY,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    state jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_ceremonies_expires_at_idx ON passkey_ceremonies (expires_at);
CREATE INDEX passkey_ceremonies_user_id_idx ON passkey_ceremonies (user_id);

-- What providers were sent, by month.
CREATE TABLE ai_usage (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    tokens bigint NOT NULL CHECK (tokens >= 0),
    PRIMARY KEY (user_id, month)
);

-- The log outlives those whom it names, and nobody rewrites it: ids stay, without a reference.
ALTER TABLE audit_log
    DROP CONSTRAINT audit_log_user_id_fkey,
    DROP CONSTRAINT audit_log_actor_id_fkey,
    -- Whose chain it is in: the owner's of what was done, or nobody's for what belongs to no account.
    ADD COLUMN chain uuid NOT NULL,
    ADD COLUMN number bigint NOT NULL CHECK (number >= 1),
    ADD COLUMN request_id text,
    ADD COLUMN hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    ADD UNIQUE (chain, number);

-- Each chain's end: how many entries it has, and the hash of the last.
CREATE TABLE audit_chains (
    chain uuid PRIMARY KEY,
    number bigint NOT NULL CHECK (number >= 1),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

-- What an entry's hash covers: the hash before it and everything that it says. Lengths stand before
-- what may be of any length, so that no two entries read the same.
CREATE FUNCTION audit_hash(
    before bytea, chain uuid, number bigint, user_id uuid, actor_id uuid, event_type text,
    resource_id uuid, ip_address inet, request_id text, metadata jsonb, created_at timestamptz
) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(before || convert_to((
        SELECT string_agg(CASE WHEN part IS NULL THEN '-' ELSE length(part) || ':' || part END, ',' ORDER BY place)
          FROM unnest(ARRAY[
              chain::text, number::text, user_id::text, actor_id::text, event_type, resource_id::text,
              host(ip_address), request_id, metadata::text,
              extract(epoch FROM created_at)::text
          ]) WITH ORDINALITY AS parts (part, place)), 'UTF8'))
$$;

-- Adds an entry to a chain, in the transaction of what it tells about. The chain's row is locked until
-- then: entries of one chain have one order.
CREATE FUNCTION audit(
    chain uuid, user_id uuid, actor_id uuid, event_type text, resource_id uuid,
    address text, request_id text, note text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ip_address inet := audit.address::inet;
    metadata jsonb := CASE WHEN audit.note IS NULL THEN NULL ELSE jsonb_build_object('note', audit.note) END;
    before bytea;
    next bigint;
    at timestamptz := clock_timestamp();
    made bytea;
BEGIN
    INSERT INTO audit_chains AS c (chain, number, hash) VALUES (audit.chain, 1, sha256(''))
        ON CONFLICT ON CONSTRAINT audit_chains_pkey DO UPDATE SET number = c.number + 1
        RETURNING c.hash, c.number INTO before, next;
    made := audit_hash(before, audit.chain, next, audit.user_id, audit.actor_id, audit.event_type,
        audit.resource_id, ip_address, audit.request_id, metadata, at);
    INSERT INTO audit_log
        (chain, number, user_id, actor_id, event_type, resource_id, ip_address, request_id, metadata, created_at, hash)
        VALUES (audit.chain, next, audit.user_id, audit.actor_id, audit.event_type, audit.resource_id,
            ip_address, audit.request_id, metadata, at, made);
    UPDATE audit_chains AS c SET hash = made WHERE c.chain = audit.chain;
END
$$;

REVOKE UPDATE, DELETE ON audit_log FROM docuvault_app;
REVOKE DELETE ON audit_chains FROM docuvault_app;
