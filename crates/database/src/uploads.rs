//! New documents, written several at a time: what was uploaded while an earlier statement was on its
//! way to the disk goes with the next one.

use crate::{Database, Error, rows::AssignedRow, rows::DocumentRow};
use domain::{AuditEntry, Document, JobId, NewDocument, UserId};
use sqlx::types::Json;
use std::collections::HashMap;
use uuid::Uuid;

/// A document to write.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The document.
    pub document: NewDocument,
    /// The job that will read it.
    pub job: JobId,
    /// What the log says of it.
    pub entry: AuditEntry,
}

/// The columns of several uploads, as `unnest` takes them.
#[derive(Default)]
struct Columns<'a> {
    ids: Vec<Uuid>,
    filenames: Vec<&'a str>,
    object_keys: Vec<&'a str>,
    content_types: Vec<&'a str>,
    sizes: Vec<i64>,
    digests: Vec<&'a [u8]>,
    auto_classify: Vec<bool>,
    jobs: Vec<Uuid>,
    actors: Vec<Option<Uuid>>,
    events: Vec<&'a str>,
    addresses: Vec<Option<String>>,
    request_ids: Vec<&'a str>,
    notes: Vec<Option<&'a str>>,
    devices: Vec<Option<&'a str>>,
}

impl<'a> Columns<'a> {
    fn of(uploads: &'a [Upload]) -> Self {
        let mut columns = Self::default();
        for upload in uploads {
            columns.push(upload);
        }
        columns
    }

    fn push(&mut self, upload: &'a Upload) {
        let (document, entry) = (&upload.document, &upload.entry);
        self.ids.push(document.id.0);
        self.filenames.push(document.filename.as_str());
        self.object_keys.push(&document.object_key);
        self.content_types.push(document.content_type);
        self.sizes.push(document.size_bytes);
        self.digests.push(&document.sha256.0);
        self.auto_classify.push(document.auto_classify);
        self.jobs.push(upload.job.0);
        self.actors.push(entry.actor.map(|id| id.0));
        self.events.push(entry.event.as_str());
        self.addresses
            .push(entry.address.map(|address| address.to_string()));
        self.request_ids.push(&entry.request_id);
        self.notes.push(entry.note.as_deref());
        self.devices.push(entry.device.as_deref());
    }
}

impl Database {
    /// Writes an owner's new documents, the jobs that will read them, their room in the quota and the
    /// log's entries, together, in one statement. Gives them in the order that they came in, or `None`
    /// when the quota has no room for all of them, or the account has been disabled.
    ///
    /// # Errors
    /// When the statement fails; then nothing was written.
    pub async fn insert_documents(
        &self,
        owner: UserId,
        uploads: &[Upload],
    ) -> Result<Option<Vec<Document>>, Error> {
        let columns = Columns::of(uploads);
        let rows = sqlx::query_as!(
            DocumentRow,
            r#"
            WITH new AS (
                SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bytea[],
                    $8::boolean[], $9::uuid[])
                  AS new (id, filename, object_key, content_type, size_bytes, sha256, auto_classify, job)
            ), quota AS (
                UPDATE quotas
                   SET used_bytes = used_bytes + total.bytes, documents = documents + total.number
                  FROM (SELECT sum(size_bytes)::bigint AS bytes, count(*) AS number FROM new) AS total
                 WHERE user_id = $1 AND used_bytes + total.bytes <= limit_bytes
                   AND EXISTS (SELECT FROM users WHERE id = $1 AND is_active)
                RETURNING user_id
            ), older AS MATERIALIZED (
                -- Asked once the quota is held, as whoever deletes holds it too.
                SELECT digest, document FROM quota, oldest_documents_with(quota.user_id, $7)
            ), document AS (
                INSERT INTO documents
                    (id, user_id, filename, object_key, content_type, size_bytes, sha256, auto_classify, duplicate_of)
                SELECT new.id, user_id, filename, object_key, content_type, size_bytes, sha256, auto_classify,
                    COALESCE(
                        (SELECT older.document FROM older WHERE older.digest = new.sha256),
                        (SELECT beside.id FROM new beside
                          WHERE beside.sha256 = new.sha256 AND beside.id < new.id
                          ORDER BY beside.id LIMIT 1))
                  FROM quota, new
                RETURNING *
            ), job AS (
                INSERT INTO jobs (id, kind, document_id, max_attempts, dispatched_at)
                SELECT new.job, 'process', document.id, $16, now() FROM document JOIN new USING (id)
            ), log AS (
                SELECT audit_all($1, $1, $10, $11, $2, $12, $13, $14, $15) FROM quota
            )
            SELECT document.id, filename, content_type, size_bytes, sha256, status, stage, failure, reading_note,
                   classification_error, classification_note, duplicate_of, parent_id, path, page_count,
                   false AS "has_thumbnail!", extracted_text, created_at, updated_at,
                   '[]'::jsonb AS "topics!: Json<Vec<AssignedRow>>",
                   NULL::bigint AS list_total
              FROM document CROSS JOIN log
            "#,
            owner.0,
            &columns.ids,
            &columns.filenames as &[&str],
            &columns.object_keys as &[&str],
            &columns.content_types as &[&str],
            &columns.sizes,
            &columns.digests as &[&[u8]],
            &columns.auto_classify,
            &columns.jobs,
            &columns.actors as &[Option<Uuid>],
            &columns.events as &[&str],
            &columns.addresses as &[Option<String>],
            &columns.request_ids as &[&str],
            &columns.notes as &[Option<&str>],
            &columns.devices as &[Option<&str>],
            domain::job::MAX_ATTEMPTS,
        )
        .fetch_all(&self.pool)
        .await?;
        if rows.len() < uploads.len() {
            return Ok(None);
        }
        let mut places: HashMap<Uuid, usize> = HashMap::new();
        places.extend(columns.ids.iter().copied().zip(0..));
        let mut documents: Vec<Document> = rows
            .into_iter()
            .map(Document::try_from)
            .collect::<Result<_, _>>()?;
        documents.sort_by_key(|document| places.get(&document.id.0).copied());
        Ok(Some(documents))
    }
}
