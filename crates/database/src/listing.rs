//! The list of an owner's documents, a page at a time.

use crate::{Database, Error, rows::DocumentRow, rows::select_documents};
use domain::{Document, DocumentCursor, DocumentStatus, PerPage, UserId};

/// Which documents to list.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    /// Only those filed under the topic of this name.
    pub topic: Option<String>,
    /// Only those of this status.
    pub status: Option<DocumentStatus>,
    /// Only those whose file's name holds this, in capitals or not.
    pub name: Option<String>,
}

impl DocumentFilter {
    fn is_empty(&self) -> bool {
        self.topic.is_none() && self.status.is_none() && self.name.is_none()
    }
}

/// One page of a list, and how many documents the whole list has, as of the same moment.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The page's documents, newest first.
    pub documents: Vec<Document>,
    /// How many the list has.
    pub total: i64,
}

/// Where in the list a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// After so many documents.
    Offset(i64),
    /// After that document, whether it is still there or not.
    After(DocumentCursor),
}

/// The most that one page has; the statement for all documents says it as a number.
const _: () = assert!(PerPage::MAX == 100);

impl Database {
    /// One page of an owner's documents, newest first.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn list_documents(
        &self,
        owner: UserId,
        filter: &DocumentFilter,
        limit: PerPage,
        start: PageStart,
    ) -> Result<Listed, Error> {
        let rows = match start {
            PageStart::Offset(0) if filter.is_empty() => self.all_after(owner, limit, None).await?,
            PageStart::After(cursor) if filter.is_empty() => {
                self.all_after(owner, limit, Some(cursor)).await?
            }
            start => self.filtered(owner, filter, limit, start).await?,
        };
        let total = match rows.first().and_then(|row| row.list_total) {
            Some(total) => total,
            None => self.count_documents(owner, filter).await?,
        };
        let documents = rows.into_iter().map(Document::try_from);
        Ok(Listed {
            documents: documents.collect::<Result<_, _>>()?,
            total,
        })
    }

    /// All of an owner's documents after that one. What a cursor, or the first page, asks for: with a
    /// number for the most that there can be, PostgreSQL plans this once and not anew every time.
    async fn all_after(
        &self,
        owner: UserId,
        limit: PerPage,
        cursor: Option<DocumentCursor>,
    ) -> Result<Vec<DocumentRow>, Error> {
        let rows = select_documents!(
            with: "
                WITH page AS (
                SELECT id FROM (
                    SELECT id, created_at FROM documents
                     WHERE user_id = $1
                       AND (created_at, id) < (
                           COALESCE($3::timestamptz, 'infinity'),
                           COALESCE($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                     ORDER BY created_at DESC, id DESC
                     LIMIT 100
                ) AS newest
                 ORDER BY created_at DESC, id DESC
                 LIMIT $2)",
            text: "NULL::text",
            total: "(SELECT documents FROM quotas WHERE user_id = $1)",
            from: "
                page JOIN documents d USING (id)
                ORDER BY d.created_at DESC, d.id DESC",
            owner.0,
            i64::from(limit.get()),
            cursor.map(|cursor| cursor.created_at),
            cursor.map(|cursor| cursor.id.0),
        );
        Ok(rows.fetch_all(&self.pool).await?)
    }

    async fn filtered(
        &self,
        owner: UserId,
        filter: &DocumentFilter,
        limit: PerPage,
        start: PageStart,
    ) -> Result<Vec<DocumentRow>, Error> {
        let (offset, cursor) = match start {
            PageStart::Offset(offset) => (offset, None),
            PageStart::After(cursor) => (0, Some(cursor)),
        };
        // The page's rows are found first, by the index alone; only they are then looked at further.
        let rows = select_documents!(
            with: "
                WITH page AS (
                SELECT d.id FROM documents d
                 WHERE d.user_id = $1
                   AND (d.created_at, d.id) < (
                       COALESCE($6::timestamptz, 'infinity'),
                       COALESCE($7::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                   AND ($2::text IS NULL OR d.status = $2)
                   AND ($3::text IS NULL OR EXISTS (
                           SELECT 1 FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                            WHERE dt.document_id = d.id AND t.name = $3))
                   AND ($8::text IS NULL OR strpos(lower(d.filename), lower($8)) > 0)
                 ORDER BY d.created_at DESC, d.id DESC
                 LIMIT $4 OFFSET $5)",
            text: "NULL::text",
            total: "
                CASE WHEN $2::text IS NULL AND $3::text IS NULL AND $8::text IS NULL
                     THEN (SELECT documents FROM quotas WHERE user_id = $1)
                     ELSE (SELECT count(*) FROM documents d
                            WHERE d.user_id = $1
                              AND ($2::text IS NULL OR d.status = $2)
                              AND ($3::text IS NULL OR EXISTS (
                                      SELECT 1 FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                                       WHERE dt.document_id = d.id AND t.name = $3))
                              AND ($8::text IS NULL OR strpos(lower(d.filename), lower($8)) > 0)) END",
            from: "
                page JOIN documents d USING (id)
                ORDER BY d.created_at DESC, d.id DESC",
            owner.0,
            filter.status.map(DocumentStatus::as_str),
            filter.topic,
            i64::from(limit.get()),
            offset,
            cursor.map(|cursor| cursor.created_at),
            cursor.map(|cursor| cursor.id.0),
            filter.name,
        );
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// How many documents an owner has that the filter lets through: what a page without any can't tell.
    async fn count_documents(&self, owner: UserId, filter: &DocumentFilter) -> Result<i64, Error> {
        if filter.is_empty() {
            let kept =
                sqlx::query_scalar!("SELECT documents FROM quotas WHERE user_id = $1", owner.0);
            return Ok(kept.fetch_optional(&self.pool).await?.unwrap_or_default());
        }
        let counted = sqlx::query_scalar!(
            r#"
            SELECT count(*) AS "total!"
              FROM documents d
             WHERE d.user_id = $1
               AND ($2::text IS NULL OR d.status = $2)
               AND ($3::text IS NULL OR EXISTS (
                       SELECT 1 FROM document_topics dt JOIN topics t ON t.id = dt.topic_id
                        WHERE dt.document_id = d.id AND t.name = $3))
               AND ($4::text IS NULL OR strpos(lower(d.filename), lower($4)) > 0)
            "#,
            owner.0,
            filter.status.map(DocumentStatus::as_str),
            filter.topic,
            filter.name,
        );
        Ok(counted.fetch_one(&self.pool).await?)
    }
}
