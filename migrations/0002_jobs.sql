-- Background work (D-08). PostgreSQL is the truth, Redis only delivers: losing Redis loses nothing.
-- A job is written in the transaction of the change that wants it.

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('process', 'classify')),
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    -- Which topics a classification may choose from; null means all of the owner's.
    topic_ids uuid[],
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'dead')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts integer NOT NULL CHECK (max_attempts > 0),
    -- Not before then.
    run_at timestamptz NOT NULL DEFAULT now(),
    -- When it was last sent to Redis; null when it never was.
    dispatched_at timestamptz,
    -- Raised by every claim; a worker whose token is no longer the highest writes nothing.
    fence bigint NOT NULL DEFAULT 0,
    lease_expires_at timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 'running') = (lease_expires_at IS NOT NULL)),
    CHECK ((state IN ('done', 'dead')) = (finished_at IS NOT NULL))
);
CREATE INDEX jobs_document_id_idx ON jobs (document_id);
CREATE INDEX jobs_queued_idx ON jobs (run_at) WHERE state = 'queued';
CREATE INDEX jobs_running_idx ON jobs (lease_expires_at) WHERE state = 'running';
CREATE INDEX jobs_finished_idx ON jobs (finished_at) WHERE state = 'done';

-- Objects whose row is gone and whose bytes are still to be deleted.
CREATE TABLE object_deletions (
    object_key text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);
