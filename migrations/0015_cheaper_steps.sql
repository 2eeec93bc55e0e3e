-- A document's row changes with every step of its work. PostgreSQL leaves all of a table's indexes alone when
-- no value changed that one of them mentions and the page has room for the row as it is now ("heap-only
-- tuples"), but this index named two that change each time. `failure` changes with `status = 'failed'` alone,
-- by a CHECK of the first migration.
DROP INDEX documents_failed_idx;
CREATE INDEX documents_failed_idx ON documents (user_id) WHERE failure IS NOT NULL;
ALTER TABLE documents SET (fillfactor = 85);
