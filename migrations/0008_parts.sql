-- Documents that came out of an archive or an e-mail. Deleting what they came out of leaves them: they
-- are documents of their own, count in the quota by themselves, and nobody pointed at them.
ALTER TABLE documents
    ADD COLUMN parent_id uuid REFERENCES documents ON DELETE SET NULL,
    -- Where it stood in its parent. Stays when the parent goes.
    ADD COLUMN path text CHECK (char_length(path) BETWEEN 1 AND 500),
    ADD CHECK (parent_id IS DISTINCT FROM id),
    ADD CHECK (parent_id IS NULL OR path IS NOT NULL);

-- Each part is written once, however often its parent is read.
CREATE UNIQUE INDEX documents_parent_id_path_idx ON documents (parent_id, path) WHERE parent_id IS NOT NULL;
