//! The jobs' states, one thing at a time. (In every order: `histories`.)

use crate::{
    histories::{expire, finish},
    support::{PERSON, database, document, entry},
};
use database::{Claim, Database, Error, JobOutcome};
use domain::{AuditEvent, DocumentId, Job, JobId, job::MAX_ATTEMPTS};
use std::time::Duration;
use testkit::TestDatabase;
use uuid::Uuid;

/// Long enough that no lease runs out by itself here.
const LEASE: Duration = Duration::from_secs(3600);

/// A job that is to be had.
async fn held(database: &Database, id: JobId) -> Job {
    match database.claim_job(id, LEASE).await.unwrap() {
        Claim::Held(job) => job,
        claim => panic!("it was not to be had: {claim:?}"),
    }
}

#[tokio::test]
async fn of_many_who_claim_at_once_one_holds() {
    let test = TestDatabase::create().await;
    let database = database(&test);
    for _ in 0..20 {
        let id = JobId(Uuid::now_v7());
        document(&database, id).await;
        let claims = futures::future::join_all((0..4).map(|_| database.claim_job(id, LEASE))).await;
        let held = claims
            .iter()
            .filter(|claim| matches!(claim, Ok(Claim::Held(_))))
            .count();
        assert_eq!(held, 1, "{claims:?}");
    }
}

#[tokio::test]
async fn a_job_that_was_begun_as_often_as_allowed_says_so_on_its_document() {
    let test = TestDatabase::create().await;
    let database = database(&test);
    let id = JobId(Uuid::now_v7());
    let document: DocumentId = document(&database, id).await.id;
    for _ in 0..MAX_ATTEMPTS {
        assert!(matches!(
            database.claim_job(id, LEASE).await.unwrap(),
            Claim::Held(_)
        ));
        expire(&test, id).await;
    }
    assert_eq!(
        database.claim_job(id, LEASE).await.unwrap(),
        Claim::Exhausted {
            document_id: document
        }
    );
    let document = database.document(PERSON, document).await.unwrap().unwrap();
    assert_eq!(document.status, domain::DocumentStatus::Failed);
    assert!(document.failure.unwrap().ends_with('.'));
    assert_eq!(database.claim_job(id, LEASE).await.unwrap(), Claim::NotMine);
}

/// Each of them would else write an entry into every index of the table.
#[tokio::test]
async fn the_steps_of_a_document_leave_its_indexes_alone() {
    let test = TestDatabase::create().await;
    let database = database(&test);
    let id = JobId(Uuid::now_v7());
    document(&database, id).await;
    let job = held(&database, id).await;
    finish(&database, &job, &JobOutcome::Done).await.unwrap();
    // Then what it counted is told.
    database.close().await;
    let counted = "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'documents'";
    testkit::until("both updates", testkit::PATIENCE, async || {
        Ok((test.number(counted).await == 2).then_some(()))
    })
    .await
    .unwrap();
    let light = "SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'documents'";
    assert_eq!(test.number(light).await, 2);
}

#[tokio::test]
async fn a_job_that_waits_is_not_to_be_had_before_its_time() {
    let test = TestDatabase::create().await;
    let database = database(&test);
    let id = JobId(Uuid::now_v7());
    document(&database, id).await;
    let job = held(&database, id).await;
    let later = JobOutcome::Retry {
        delay: LEASE,
        error: "a test".to_owned(),
    };
    finish(&database, &job, &later).await.unwrap();
    assert_eq!(database.claim_job(id, LEASE).await.unwrap(), Claim::NotMine);
    assert_eq!(
        database.jobs_to_dispatch(Duration::ZERO, 10).await.unwrap(),
        []
    );
}

#[tokio::test]
async fn the_worker_of_a_deleted_document_loses_its_lease() {
    let test = TestDatabase::create().await;
    let database = database(&test);
    let id = JobId(Uuid::now_v7());
    let document = document(&database, id).await.id;
    let job = held(&database, id).await;
    assert!(
        database
            .delete_document(PERSON, document, &entry(AuditEvent::DocumentDeleted))
            .await
            .unwrap()
            .is_some()
    );
    assert!(!database.extend_lease(&job, LEASE).await.unwrap());
    assert!(matches!(
        finish(&database, &job, &JobOutcome::Done).await,
        Err(Error::LeaseLost)
    ));
}
