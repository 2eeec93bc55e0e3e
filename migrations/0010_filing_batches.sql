-- What was before an act on many documents' filing, so that it can be undone; and what each provider took.

CREATE TABLE filing_batches (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX filing_batches_user_id_idx ON filing_batches (user_id);

-- A document is in the last batch that changed it. A person who sets its topics by themselves takes it
-- out: nothing overwrites what they said.
CREATE TABLE filing_batch_documents (
    document_id uuid PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    batch_id uuid NOT NULL REFERENCES filing_batches ON DELETE CASCADE,
    -- The filing that was asked for, if it was one.
    job_id uuid REFERENCES jobs ON DELETE SET NULL,
    -- Its topics, refusals, note and error as they were.
    before jsonb NOT NULL
);
CREATE INDEX filing_batch_documents_batch_id_idx ON filing_batch_documents (batch_id);
CREATE INDEX filing_batch_documents_job_id_idx ON filing_batch_documents (job_id) WHERE job_id IS NOT NULL;

-- The month's tokens of ai_usage, provider by provider, as far as the providers told.
CREATE TABLE ai_provider_usage (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    provider text NOT NULL CHECK (provider IN ('local', 'anthropic', 'openai', 'ollama', 'lmstudio')),
    calls bigint NOT NULL CHECK (calls >= 0),
    tokens bigint NOT NULL CHECK (tokens >= 0),
    PRIMARY KEY (user_id, month, provider)
);
