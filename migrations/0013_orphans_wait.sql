-- An object is deleted when its time has come, not as soon as it is noted. What no row names waits for a
-- week, in the database that found it: a vault that was restored from a backup, or begun anew beside an old
-- store, names few of the objects that are there, and somebody has to have the time to notice.
-- What the store would not delete comes later again, and stands in no other's way.
ALTER TABLE object_deletions ADD COLUMN due_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX object_deletions_due_at_idx ON object_deletions (due_at);
