//! The connections: how many there are, and that nothing which ends badly on one spoils what comes after it.

use crate::support::{PERSON, database, document};
use database::{Database, Error};
use domain::{Document, JobId, Month};
use futures::{FutureExt, future::join_all};
use testkit::{PATIENCE, TestDatabase, until};
use uuid::Uuid;

const OURS: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'docuvault'";

/// A number that changes when one of them is replaced.
const THEIR_PROCESSES: &str = "SELECT sum(pid)::bigint FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'docuvault'";

/// Those whose transaction failed too.
const IN_TRANSACTIONS: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'docuvault' AND state LIKE 'idle in transaction%'";

async fn with_document(most: u32) -> (TestDatabase, Database, Document) {
    let of = TestDatabase::create().await;
    let document = document(&database(&of), JobId(Uuid::now_v7())).await;
    let database = Database::connect_lazily(&of.app_url, most).unwrap();
    (of, database, document)
}

#[tokio::test]
async fn there_are_no_more_than_allowed_and_each_is_used_again() {
    let (of, database, document) = with_document(3).await;
    let mut first = None;
    for _ in 0..10 {
        let asked = (0..40).map(|_| database.document(PERSON, document.id));
        assert!(join_all(asked).await.iter().all(Result::is_ok));
        assert_eq!(of.number(OURS).await, 3);
        let processes = of.number(THEIR_PROCESSES).await;
        assert_eq!(*first.get_or_insert(processes), processes);
    }
    assert_eq!(database.connections(), (0, 3));
}

#[tokio::test]
async fn a_statement_that_is_dropped_half_way_spoils_no_other() {
    let (of, database, document) = with_document(1).await;
    let locked = of.lock("documents").await;
    tokio::select! {
        answer = database.document(PERSON, document.id) => panic!("answered: {answer:?}"),
        () = of.waiting(1) => {}
    }
    locked.rollback().await.unwrap();
    for _ in 0..3 {
        let found = database.document(PERSON, document.id).await.unwrap();
        assert_eq!(found.map(|found| found.id), Some(document.id));
    }
}

#[tokio::test]
async fn a_statement_that_is_refused_spoils_no_other() {
    let (_of, database, document) = with_document(1).await;
    for _ in 0..3 {
        let less = database.reserve_tokens(PERSON, Month::of(document.created_at), -1);
        assert!(less.await.is_err(), "no count is below nothing");
        assert!(
            database
                .document(PERSON, document.id)
                .await
                .unwrap()
                .is_some()
        );
    }
}

/// Not only when somebody asks for a connection again.
#[tokio::test]
async fn what_is_not_committed_is_undone_at_once() {
    let (of, database, _) = with_document(2).await;
    let mut work = database.begin().await.unwrap();
    work.lock_topics(PERSON).await.unwrap();
    assert_eq!(of.number(IN_TRANSACTIONS).await, 1);
    drop(work);
    until("nobody in a transaction", PATIENCE, async || {
        Ok((of.number(IN_TRANSACTIONS).await == 0).then_some(()))
    })
    .await
    .unwrap();
}

/// sqlx alone would lend the connection to others in the middle of the transaction.
#[tokio::test]
async fn a_beginning_that_nobody_waits_for_spoils_nothing() {
    let (of, database, document) = with_document(1).await;
    let asked = || database.document(PERSON, document.id);
    asked().await.unwrap();
    assert!(database.begin().now_or_never().is_none());
    assert!(asked().await.unwrap().is_some());
    assert_eq!(of.number(IN_TRANSACTIONS).await, 0);
}

/// Also to those who began to wait when there was none.
#[tokio::test]
async fn who_waits_gets_what_comes_back_first() {
    let (of, database, document) = with_document(2).await;
    let asked = || database.document(PERSON, document.id);
    // Both connections are there, and both are kept.
    join_all([asked(), asked()]).await;
    let locked = of.lock("filing_settings").await;
    tokio::select! {
        _ = database.filing(PERSON, Month::of(document.created_at)) => panic!("answered"),
        () = of.waiting(1) => {}
    }
    // One waits in PostgreSQL for what nobody wants any more; the other does for all.
    let answers = join_all((0..20).map(|_| asked())).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    locked.rollback().await.unwrap();
}

#[tokio::test]
async fn connections_that_postgresql_ended_are_made_anew() {
    let (of, database, document) = with_document(3).await;
    let asked = || database.document(PERSON, document.id);
    join_all((0..9).map(|_| asked())).await;
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'docuvault'";
    assert!(of.number(ended).await > 0);
    until("an answer", PATIENCE, async || match asked().await {
        Ok(found) => Ok(found),
        Err(Error::Unavailable) => Ok(None),
        Err(error) => panic!("{error}"),
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn closing_ends_them_all_and_waits_for_those_in_use() {
    let (of, database, document) = with_document(3).await;
    join_all((0..9).map(|_| database.document(PERSON, document.id))).await;
    let work = database.begin().await.unwrap();
    let mut closing = Box::pin(database.close());
    let one_left = until("the end of those that are kept", PATIENCE, async || {
        Ok((of.number(OURS).await == 1).then_some(()))
    });
    tokio::select! {
        () = &mut closing => panic!("the one in use was not waited for"),
        left = one_left => left.unwrap(),
    }
    let refused = database.document(PERSON, document.id).await;
    assert!(matches!(refused, Err(Error::Unavailable)), "{refused:?}");
    work.commit().await.unwrap();
    closing.await;
    until("the end of all", PATIENCE, async || {
        Ok((of.number(OURS).await == 0).then_some(()))
    })
    .await
    .unwrap();
}
