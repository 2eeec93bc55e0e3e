//! What these tests share.

use database::{Database, Error, NewUser, Upload};
use domain::{
    AuditEntry, AuditEvent, Caller, Document, DocumentId, EmailAddress, FileName, Handle, JobId,
    NewDocument, Role, Sha256, UserId,
};
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

/// Whose everything is.
pub const PERSON: UserId = UserId(Uuid::from_u128(1));

/// Makes that account, on the first call.
async fn person(database: &Database) {
    let mut work = database.begin().await.unwrap();
    let new = NewUser {
        id: PERSON,
        handle: Handle::parse("one").unwrap(),
        email: EmailAddress::parse("one@vault.test").unwrap(),
        password_hash: Some("-".to_owned()),
        role: Role::User,
        limit_bytes: 1 << 30,
    };
    match work.insert_user(&new).await {
        Ok(()) => work.commit().await.unwrap(),
        Err(Error::Conflict(_)) => {}
        Err(error) => panic!("{error}"),
    }
}

/// An entry for the log about what these tests do.
pub fn entry(event: AuditEvent) -> AuditEntry {
    AuditEntry {
        subject: Some(PERSON),
        ..Caller::system("a test").did(event, None)
    }
}

/// Writes a document of that account, and its job.
pub async fn document(database: &Database, job: JobId) -> Document {
    person(database).await;
    let id = DocumentId(Uuid::now_v7());
    let new = NewDocument {
        id,
        owner: PERSON,
        filename: FileName::parse("a.txt").unwrap(),
        object_key: format!("{PERSON}/{id}/{}.txt", Uuid::new_v4()),
        content_type: "text/plain",
        size_bytes: 4,
        sha256: Sha256([7; 32]),
        auto_classify: true,
    };
    let entry = entry(AuditEvent::DocumentCreated);
    let upload = Upload {
        document: new,
        job,
        entry,
    };
    let written = database.insert_documents(PERSON, &[upload]).await;
    written.unwrap().unwrap().remove(0)
}
