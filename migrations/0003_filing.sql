-- What filing needs: its settings, and what the built-in provider has learned.

CREATE TABLE filing_settings (
    user_id uuid REFERENCES users ON DELETE CASCADE,
    active_provider text NOT NULL DEFAULT 'local'
        CHECK (active_provider IN ('local', 'anthropic', 'openai', 'ollama', 'lmstudio')),
    system_prompt text NOT NULL DEFAULT '' CHECK (char_length(system_prompt) <= 4000),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id)
);

CREATE TABLE filing_providers (
    user_id uuid REFERENCES users ON DELETE CASCADE,
    provider text NOT NULL CHECK (provider IN ('anthropic', 'openai', 'ollama', 'lmstudio')),
    model text CHECK (char_length(model) BETWEEN 1 AND 200),
    -- XChaCha20-Poly1305 under a key derived from SECRET_KEY.
    api_key_enc bytea,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id, provider)
);

-- Naive Bayes counts, per topic (and so per owner), kept up one correction at a time.
CREATE TABLE topic_totals (
    topic_id uuid PRIMARY KEY REFERENCES topics ON DELETE CASCADE,
    examples integer NOT NULL CHECK (examples >= 0),
    grams bigint NOT NULL CHECK (grams >= 0)
);

CREATE TABLE topic_grams (
    topic_id uuid NOT NULL REFERENCES topics ON DELETE CASCADE,
    gram text NOT NULL CHECK (octet_length(gram) <= 64),
    count integer NOT NULL CHECK (count >= 0),
    PRIMARY KEY (topic_id, gram)
);

-- What exactly was learned from a document for a topic, so that it can be unlearned exactly.
CREATE TABLE topic_lessons (
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    topic_id uuid NOT NULL REFERENCES topics ON DELETE CASCADE,
    grams text[] NOT NULL,
    counts integer[] NOT NULL,
    PRIMARY KEY (document_id, topic_id),
    CHECK (cardinality(grams) = cardinality(counts))
);
CREATE INDEX topic_lessons_topic_id_idx ON topic_lessons (topic_id);
