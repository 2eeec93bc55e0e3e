//! What these tests share.

use database::Database;
use domain::{Document, DocumentId, FileName, JobId, NewDocument, Sha256, UserId};
use sqlx::{Connection, PgConnection};
use testkit::TestDatabase;
use uuid::Uuid;

/// A connection as the role that this URL names.
pub async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

/// The code (SQLSTATE) with which a statement is refused; `None` when it is not.
pub async fn refusal(connection: &mut PgConnection, statement: &'static str) -> Option<String> {
    let error = sqlx::raw_sql(statement).execute(connection).await.err()?;
    Some(
        error
            .into_database_error()
            .unwrap()
            .code()
            .unwrap()
            .into_owned(),
    )
}

/// The crate under test, as the app role.
pub fn database(of: &TestDatabase) -> Database {
    Database::connect_lazily(&of.app_url, 4).unwrap()
}

/// Writes a document and its job.
pub async fn document(database: &Database, owner: Option<UserId>, job: JobId) -> Document {
    let id = DocumentId(Uuid::now_v7());
    let new = NewDocument {
        id,
        owner,
        filename: FileName::parse("a.txt").unwrap(),
        object_key: format!("null/{id}/{}.txt", Uuid::new_v4()),
        content_type: "text/plain",
        size_bytes: 4,
        sha256: Sha256([7; 32]),
        auto_classify: true,
    };
    database.insert_document(&new, job).await.unwrap()
}
