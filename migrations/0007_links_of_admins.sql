-- Who made a link for somebody else. It works only while its maker is an admin: whoever is dismissed
-- leaves no way back in.
ALTER TABLE one_time_tokens ADD COLUMN made_by uuid REFERENCES users ON DELETE CASCADE;
CREATE INDEX one_time_tokens_made_by_idx ON one_time_tokens (made_by);
