//! The jobs' states under every order of events: one holder at a time, fences that only rise,
//! attempts that never pass their bound, and nothing written by whoever lost the lease.

use crate::support::{PERSON, database, document, entry};
use database::{Claim, Database, Error, JobOutcome};
use domain::{AuditEvent, DocumentId, Job, JobId, Stage, job::MAX_ATTEMPTS};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::time::Duration;
use testkit::TestDatabase;
use uuid::Uuid;

/// Long enough that no lease runs out by itself here.
const LEASE: Duration = Duration::from_secs(3600);
const WORKERS: usize = 3;

/// Something that happens; the number says to which worker.
#[derive(Clone, Copy, Debug)]
enum Step {
    Claim(usize),
    Extend(usize),
    /// Writes into the document, then ends the try.
    Done(usize),
    Retry(usize),
    Release(usize),
    /// The lease runs out.
    Expire,
}

fn step() -> impl Strategy<Value = Step> {
    let worker = 0..WORKERS;
    prop_oneof![
        6 => worker.clone().prop_map(Step::Claim),
        2 => worker.clone().prop_map(Step::Extend),
        1 => worker.clone().prop_map(Step::Done),
        3 => worker.clone().prop_map(Step::Retry),
        1 => worker.prop_map(Step::Release),
        4 => Just(Step::Expire),
    ]
}

/// What must be so, kept beside what is.
#[derive(Default)]
struct Model {
    /// Who holds the lease.
    holder: Option<usize>,
    expired: bool,
    ended: bool,
    attempts: i32,
    highest_fence: i64,
    /// What each worker believes to hold.
    believed: [Option<Job>; WORKERS],
}

/// The row as it is: state, attempts, fence, and the document's status and stage.
type Row = (String, i32, i64, String, Option<String>);

async fn row(test: &TestDatabase, job: JobId) -> Row {
    sqlx::query_as(
        "SELECT j.state, j.attempts, j.fence, d.status, d.stage
           FROM jobs j JOIN documents d ON d.id = j.document_id WHERE j.id = $1",
    )
    .bind(job.0)
    .fetch_one(&test.admin)
    .await
    .unwrap()
}

async fn expire(test: &TestDatabase, job: JobId) {
    sqlx::query("UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE id = $1 AND state = 'running'")
        .bind(job.0)
        .execute(&test.admin)
        .await
        .unwrap();
}

/// Ends a try as a worker does: holds the lease, writes, ends, all in one.
async fn finish(database: &Database, job: &Job, outcome: &JobOutcome) -> Result<(), Error> {
    let mut work = database.begin().await?;
    work.hold_lease(job).await?;
    match outcome {
        JobOutcome::Done => work.mark_ready(job, None).await?,
        _ => work.begin_stage(job, Stage::Reading).await?,
    }
    work.end_job(job, outcome).await?;
    work.commit().await
}

async fn release(database: &Database, job: &Job) -> Result<(), Error> {
    let mut work = database.begin().await?;
    work.hold_lease(job).await?;
    work.release_job(job, Duration::ZERO, "a test").await?;
    work.commit().await
}

impl Model {
    fn claimed(&mut self, worker: usize, claim: Claim) {
        let open = !self.ended && (self.holder.is_none() || self.expired);
        match claim {
            Claim::Held(job) => {
                assert!(
                    open && self.attempts < MAX_ATTEMPTS,
                    "claimed what was not to be had"
                );
                assert!(job.fence > self.highest_fence, "a fence that does not rise");
                assert_eq!(job.attempts, self.attempts + 1);
                (self.attempts, self.highest_fence) = (job.attempts, job.fence);
                (self.holder, self.expired) = (Some(worker), false);
                self.believed[worker] = Some(job);
            }
            Claim::Exhausted { .. } => {
                assert!(open && self.attempts == MAX_ATTEMPTS, "given up too early");
                (self.holder, self.ended) = (None, true);
                self.highest_fence += 1;
            }
            Claim::NotMine => assert!(!open, "an open job was not given"),
        }
    }

    /// Checks a try's end against whether that worker held the lease; whether it did.
    fn ended(&mut self, worker: usize, result: Result<(), Error>) -> bool {
        let held = self.holder == Some(worker);
        match result {
            Ok(()) => assert!(held, "written without the lease"),
            Err(Error::LeaseLost) => assert!(!held, "a held lease was lost"),
            Err(error) => panic!("{error}"),
        }
        if held {
            (self.holder, self.expired) = (None, false);
        }
        held
    }
}

async fn play(test: &TestDatabase, database: &Database, steps: &[Step]) {
    let id = JobId(Uuid::now_v7());
    document(database, id).await;
    let mut model = Model::default();
    for step in steps {
        let before = row(test, id).await;
        let changed = take(test, database, id, &mut model, *step).await;
        let after = row(test, id).await;
        if !changed {
            assert_eq!(after, before, "{step:?} changed what was not its own");
        }
        assert_eq!(
            (after.1, after.2),
            (model.attempts, model.highest_fence),
            "after {step:?}"
        );
        assert!(after.1 <= MAX_ATTEMPTS);
        assert_eq!(after.0 == "running", model.holder.is_some());
        assert_eq!(["done", "dead"].contains(&after.0.as_str()), model.ended);
        assert_eq!(database.job_has_ended(id).await.unwrap(), model.ended);
    }
}

/// Takes a step; whether it may have changed anything.
async fn take(
    test: &TestDatabase,
    database: &Database,
    id: JobId,
    model: &mut Model,
    step: Step,
) -> bool {
    match step {
        Step::Claim(worker) => {
            let claim = database.claim_job(id, LEASE).await.unwrap();
            let changed = claim != Claim::NotMine;
            model.claimed(worker, claim);
            changed
        }
        Step::Expire => {
            expire(test, id).await;
            model.expired = model.holder.is_some();
            true
        }
        Step::Extend(worker) => {
            let Some(job) = model.believed[worker].clone() else {
                return false;
            };
            let held = model.holder == Some(worker);
            assert_eq!(
                database.extend_lease(&job, LEASE).await.unwrap(),
                held,
                "extended without the lease"
            );
            model.expired &= !held;
            held
        }
        Step::Done(worker) => {
            let Some(job) = model.believed[worker].clone() else {
                return false;
            };
            let held = model.ended(worker, finish(database, &job, &JobOutcome::Done).await);
            model.ended |= held;
            held
        }
        Step::Retry(worker) => {
            let Some(job) = model.believed[worker].clone() else {
                return false;
            };
            let outcome = JobOutcome::Retry {
                delay: Duration::ZERO,
                error: "a test".to_owned(),
            };
            model.ended(worker, finish(database, &job, &outcome).await)
        }
        Step::Release(worker) => {
            let Some(job) = model.believed[worker].clone() else {
                return false;
            };
            let held = model.ended(worker, release(database, &job).await);
            model.attempts -= i32::from(held);
            held
        }
    }
}

#[test]
fn whatever_happens_in_whatever_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let test = runtime.block_on(TestDatabase::create());
    let database = runtime.block_on(async { database(&test) });
    let histories = prop::collection::vec(step(), 1..40);
    let config = Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&histories, |steps| {
            runtime.block_on(play(&test, &database, &steps));
            Ok(())
        })
        .unwrap();
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

#[tokio::test]
async fn a_job_that_waits_is_not_to_be_had_before_its_time() {
    let test = TestDatabase::create().await;
    let database = database(&test);
    let id = JobId(Uuid::now_v7());
    document(&database, id).await;
    let Claim::Held(job) = database.claim_job(id, LEASE).await.unwrap() else {
        panic!("not held")
    };
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
    let Claim::Held(job) = database.claim_job(id, LEASE).await.unwrap() else {
        panic!("not held")
    };
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
