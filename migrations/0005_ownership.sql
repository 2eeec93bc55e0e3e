-- Every document belongs to somebody (D-03). What is there from before accounts goes to the first
-- admin; where there is none yet, to an account that waits for the person with the set-up link.

DO $$
DECLARE
    first_admin uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM documents WHERE user_id IS NULL)
        AND NOT EXISTS (SELECT FROM topics WHERE user_id IS NULL)
        AND NOT EXISTS (SELECT FROM filing_settings WHERE user_id IS NULL)
        AND NOT EXISTS (SELECT FROM filing_providers WHERE user_id IS NULL)
    THEN
        RETURN;
    END IF;
    SELECT id INTO first_admin FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1;
    IF first_admin IS NULL THEN
        first_admin := gen_random_uuid();
        INSERT INTO users (id, handle, email, role) VALUES (first_admin, 'admin', 'admin@vault.invalid', 'admin');
    END IF;
    UPDATE documents SET user_id = first_admin WHERE user_id IS NULL;
    UPDATE topics SET user_id = first_admin WHERE user_id IS NULL;
    UPDATE filing_settings SET user_id = first_admin WHERE user_id IS NULL;
    -- Keys are sealed for their owner, and nobody's don't open for somebody: they are set anew.
    UPDATE filing_providers SET user_id = first_admin, api_key_enc = NULL WHERE user_id IS NULL;
END
$$;

ALTER TABLE documents ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE topics ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE filing_settings ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE filing_providers ALTER COLUMN user_id SET NOT NULL;

-- What each account uses, counted in the transaction of every upload and deletion.
INSERT INTO quotas (user_id, used_bytes, limit_bytes)
SELECT u.id, COALESCE(sum(d.size_bytes), 0), greatest(104857600, COALESCE(sum(d.size_bytes), 0))
  FROM users u LEFT JOIN documents d ON d.user_id = u.id
 GROUP BY u.id
ON CONFLICT (user_id) DO UPDATE SET used_bytes = EXCLUDED.used_bytes;

-- Everything is asked for by owner first. In this order the oldest document with the same bytes is the
-- index's first match, also to a planner that has no statistics yet.
CREATE INDEX documents_user_id_sha256_idx ON documents (user_id, sha256, created_at, id);
DROP INDEX documents_sha256_user_id_idx;
