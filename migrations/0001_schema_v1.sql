-- The whole v1 schema (D-01, D-02). Run by the migrate role; the app role gets DML and no DDL (D-13).

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO docuvault_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO docuvault_app;

CREATE TABLE users (
    id uuid PRIMARY KEY,
    handle text NOT NULL UNIQUE CHECK (char_length(handle) BETWEEN 1 AND 64),
    email text NOT NULL UNIQUE CHECK (char_length(email) BETWEEN 3 AND 320),
    password_hash text NOT NULL,
    totp_secret text,
    totp_enabled boolean NOT NULL DEFAULT false,
    role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
    is_active boolean NOT NULL DEFAULT true,
    ai_provider text CHECK (ai_provider IN ('local', 'anthropic', 'openai', 'ollama', 'lmstudio')),
    ai_model text,
    default_storage_backend text NOT NULL DEFAULT 'minio',
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (NOT totp_enabled OR totp_secret IS NOT NULL)
);

CREATE TABLE groups (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE quotas (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    limit_bytes bigint NOT NULL DEFAULT 104857600 CHECK (limit_bytes >= 0),
    used_bytes bigint NOT NULL DEFAULT 0 CHECK (used_bytes >= 0)
);

CREATE TABLE refresh_tokens (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL,
    revoked boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refresh_tokens_user_id_revoked_idx ON refresh_tokens (user_id, revoked);

CREATE TABLE folders (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    parent_id uuid REFERENCES folders ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id, parent_id, name),
    CHECK (parent_id IS DISTINCT FROM id)
);
CREATE INDEX folders_parent_id_idx ON folders (parent_id);

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    folder_id uuid REFERENCES folders ON DELETE SET NULL,
    filename text NOT NULL CHECK (char_length(filename) BETWEEN 1 AND 255),
    object_key text NOT NULL UNIQUE,
    thumbnail_key text UNIQUE,
    content_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    sha256 bytea CHECK (octet_length(sha256) = 32),
    duplicate_of uuid REFERENCES documents ON DELETE SET NULL,
    storage_backend text NOT NULL DEFAULT 'minio',
    extracted_text text,
    page_count integer CHECK (page_count >= 0),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'ready', 'failed')),
    stage text CHECK (stage IN ('reading', 'filing')),
    failure text,
    reading_note text,
    classification_error text,
    classification_note text,
    auto_classify boolean NOT NULL DEFAULT true,
    extracted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'failed') = (failure IS NOT NULL)),
    CHECK (stage IS NULL OR status = 'processing'),
    CHECK (duplicate_of IS DISTINCT FROM id)
);
CREATE INDEX documents_user_id_folder_id_idx ON documents (user_id, folder_id);
CREATE INDEX documents_user_id_created_at_idx ON documents (user_id, created_at DESC, id DESC);
CREATE INDEX documents_sha256_user_id_idx ON documents (sha256, user_id);
CREATE INDEX documents_folder_id_idx ON documents (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX documents_duplicate_of_idx ON documents (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- The text page by page, for search and for pages that show one at a time.
CREATE TABLE document_pages (
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 1),
    text text NOT NULL,
    PRIMARY KEY (document_id, number)
);

CREATE TABLE topics (
    id uuid PRIMARY KEY,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 2000),
    color text NOT NULL DEFAULT '#6366f1' CHECK (color ~ '^#[0-9a-f]{6}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id, name)
);

CREATE TABLE document_topics (
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    topic_id uuid NOT NULL REFERENCES topics ON DELETE CASCADE,
    assigned_by text NOT NULL CHECK (assigned_by IN ('person', 'machine')),
    provider text,
    confidence real CHECK (confidence BETWEEN 0 AND 1),
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (document_id, topic_id),
    CHECK ((assigned_by = 'machine') = (provider IS NOT NULL))
);
CREATE INDEX document_topics_topic_id_idx ON document_topics (topic_id, document_id);

-- A person took this topic off this document: the machine does not put it back.
CREATE TABLE document_topic_refusals (
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    topic_id uuid NOT NULL REFERENCES topics ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (document_id, topic_id)
);
CREATE INDEX document_topic_refusals_topic_id_idx ON document_topic_refusals (topic_id);

CREATE TABLE shares (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    recipient_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    permission text NOT NULL DEFAULT 'view' CHECK (permission IN ('view', 'edit')),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (document_id, recipient_id),
    CHECK (owner_id <> recipient_id)
);
CREATE INDEX shares_recipient_id_idx ON shares (recipient_id);
CREATE INDEX shares_owner_id_idx ON shares (owner_id);

CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid REFERENCES users ON DELETE SET NULL,
    actor_id uuid REFERENCES users ON DELETE SET NULL,
    event_type text NOT NULL,
    resource_id uuid,
    ip_address inet,
    metadata jsonb,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_user_id_created_at_idx ON audit_log (user_id, created_at);
CREATE INDEX audit_log_event_type_created_at_idx ON audit_log (event_type, created_at);
CREATE INDEX audit_log_actor_id_idx ON audit_log (actor_id);

CREATE TABLE cloud_connections (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    provider text NOT NULL CHECK (provider IN ('onedrive', 'google_drive', 'nextcloud', 'webdav')),
    display_name text NOT NULL,
    credentials_enc bytea NOT NULL,
    status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'EXPIRED', 'REVOKED')),
    connected_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cloud_connections_user_id_idx ON cloud_connections (user_id);
