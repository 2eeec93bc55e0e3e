//! The count of tokens that providers were sent.

use crate::support::{PERSON, database, document};
use database::Database;
use domain::{JobId, Month};
use futures::future::join_all;
use testkit::TestDatabase;
use time::macros::datetime;
use uuid::Uuid;

fn month() -> Month {
    Month::of(datetime!(2026-03-07 12:00 UTC))
}

async fn with_person() -> (TestDatabase, Database) {
    let of = TestDatabase::create().await;
    let database = database(&of);
    document(&database, JobId(Uuid::now_v7())).await;
    of.execute("UPDATE users SET ai_monthly_tokens = 100").await;
    (of, database)
}

async fn used(database: &Database) -> i64 {
    let stored = database.filing(PERSON, month()).await.unwrap();
    stored.unwrap().used_tokens
}

#[tokio::test]
async fn of_many_at_once_no_more_get_through_than_there_is_room_for() {
    let (_of, database) = with_person().await;
    let tries = (0..40).map(|_| database.reserve_tokens(PERSON, month(), 9));
    let through = join_all(tries).await;
    let through = through.into_iter().filter(|done| *done.as_ref().unwrap());
    assert_eq!(through.count(), 11);
    assert_eq!(used(&database).await, 99);
    assert!(!database.reserve_tokens(PERSON, month(), 2).await.unwrap());
    assert!(database.reserve_tokens(PERSON, month(), 1).await.unwrap());
}

#[tokio::test]
async fn what_never_fits_is_refused_and_not_counted() {
    let (of, database) = with_person().await;
    assert!(!database.reserve_tokens(PERSON, month(), 101).await.unwrap());
    assert_eq!(used(&database).await, 0);
    of.execute("UPDATE users SET ai_monthly_tokens = NULL")
        .await;
    for _ in 0..3 {
        let done = database.reserve_tokens(PERSON, month(), 1_000_000);
        assert!(done.await.unwrap());
    }
    assert_eq!(used(&database).await, 3_000_000);
    of.execute("UPDATE users SET ai_monthly_tokens = 5").await;
    assert!(!database.reserve_tokens(PERSON, month(), 1).await.unwrap());
}

#[tokio::test]
async fn what_was_given_back_is_there_again() {
    let (_of, database) = with_person().await;
    assert!(database.reserve_tokens(PERSON, month(), 100).await.unwrap());
    database.correct_tokens(PERSON, month(), -60).await.unwrap();
    assert_eq!(used(&database).await, 40);
    assert!(database.reserve_tokens(PERSON, month(), 60).await.unwrap());
    // The provider took more than was expected.
    database.correct_tokens(PERSON, month(), 25).await.unwrap();
    assert_eq!(used(&database).await, 125);
    database
        .correct_tokens(PERSON, month(), -900)
        .await
        .unwrap();
    assert_eq!(used(&database).await, 0);
}

#[tokio::test]
async fn months_and_people_are_counted_by_themselves() {
    let (_of, database) = with_person().await;
    assert!(database.reserve_tokens(PERSON, month(), 100).await.unwrap());
    let april = Month::of(datetime!(2026-04-01 00:00 UTC));
    assert!(database.reserve_tokens(PERSON, april, 100).await.unwrap());
    let nobody = domain::UserId(Uuid::now_v7());
    assert!(!database.reserve_tokens(nobody, month(), 1).await.unwrap());
    assert!(database.filing(nobody, month()).await.unwrap().is_none());
}
