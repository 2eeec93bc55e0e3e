//! An upload that has to wait for its owner's quota goes by what was written meanwhile.

use crate::support::{database, document};
use domain::JobId;
use testkit::TestDatabase;
use uuid::Uuid;

#[tokio::test]
async fn a_document_that_went_meanwhile_is_nobodys_original() {
    let test = TestDatabase::create().await;
    let app = database(&test);
    document(&app, JobId(Uuid::now_v7())).await;
    let mut deletion = test.admin.begin().await.unwrap();
    for statement in ["SELECT FROM quotas FOR UPDATE", "DELETE FROM documents"] {
        let done = sqlx::query(statement).execute(&mut *deletion).await;
        assert_eq!(done.unwrap().rows_affected(), 1);
    }
    let goes_on = async {
        test.waiting(1).await;
        deletion.commit().await.unwrap();
    };
    let (second, ()) = tokio::join!(document(&app, JobId(Uuid::now_v7())), goes_on);
    assert_eq!(second.duplicate_of, None);
}
