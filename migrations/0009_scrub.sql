-- Whether the bytes that rows name are in the store and whole: who looked when, and what was found.

CREATE TABLE scrubs (
    id uuid PRIMARY KEY,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    -- The last document that was looked at, by id; null before the first.
    after_document uuid,
    documents bigint NOT NULL DEFAULT 0 CHECK (documents >= 0),
    bytes bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    objects bigint NOT NULL DEFAULT 0 CHECK (objects >= 0),
    -- Whoever goes on with it has it until then; a later holder has a higher fence.
    held_until timestamptz,
    fence bigint NOT NULL DEFAULT 0
);
CREATE INDEX scrubs_started_at_idx ON scrubs (started_at);

CREATE TABLE scrub_findings (
    scrub_id uuid NOT NULL REFERENCES scrubs ON DELETE CASCADE,
    object_key text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('missing', 'damaged', 'orphaned')),
    -- Null for what no row names.
    document_id uuid REFERENCES documents ON DELETE CASCADE,
    -- Whether it is the picture of the first page.
    picture boolean NOT NULL DEFAULT false,
    detail text NOT NULL,
    found_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scrub_id, object_key),
    CHECK ((kind = 'orphaned') = (document_id IS NULL))
);
CREATE INDEX scrub_findings_document_id_idx ON scrub_findings (document_id);
