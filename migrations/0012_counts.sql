-- How many documents each account has, kept like the bytes that they take, in the same statements: a
-- list that says how many there are need not count a million rows each time.
ALTER TABLE quotas ADD COLUMN documents bigint NOT NULL DEFAULT 0 CHECK (documents >= 0);

UPDATE quotas SET documents = counted.documents
  FROM (SELECT user_id, count(*) AS documents FROM documents GROUP BY user_id) AS counted
 WHERE counted.user_id = quotas.user_id;
