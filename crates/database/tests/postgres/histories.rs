//! The jobs' states under every order of events: one holder at a time, fences that only rise,
//! attempts that never pass their bound, nothing written by whoever lost the lease, nothing done to what
//! is gone, and always on its way what can be worked on.

use crate::support::{PERSON, database, document, entry};
use database::{Claim, Database, Error, JobOutcome};
use domain::{AuditEvent, DocumentId, Job, JobId, JobKind, job::MAX_ATTEMPTS};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::time::Duration;
use testkit::TestDatabase;
use uuid::Uuid;

/// Long enough that no lease runs out by itself here, and nothing comes due.
const LEASE: Duration = Duration::from_secs(3600);
const WORKERS: usize = 3;

/// Something that happens; the number says to which worker.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The message came.
    Claim(usize),
    /// It came twice, to two workers at once.
    ClaimTwice(usize, usize),
    Extend(usize),
    /// Writes into the document, then ends the try.
    Done(usize),
    Retry(usize),
    /// The same, but not before some time has passed.
    RetryLater(usize),
    /// It will never work.
    Dead(usize),
    /// The worker stops, and gives it back uncounted.
    Release(usize),
    /// A part is away: uncounted, but not before some time has passed.
    Postpone(usize),
    /// That time has passed.
    Due,
    /// The lease runs out.
    Expire,
    /// The document is deleted.
    Delete,
}

fn step() -> impl Strategy<Value = Step> {
    let worker = 0..WORKERS;
    prop_oneof![
        12 => worker.clone().prop_map(Step::Claim),
        4 => (worker.clone(), worker.clone()).prop_map(|(one, other)| Step::ClaimTwice(one, other)),
        4 => worker.clone().prop_map(Step::Extend),
        2 => worker.clone().prop_map(Step::Done),
        5 => worker.clone().prop_map(Step::Retry),
        2 => worker.clone().prop_map(Step::RetryLater),
        1 => worker.clone().prop_map(Step::Dead),
        2 => worker.clone().prop_map(Step::Release),
        2 => worker.prop_map(Step::Postpone),
        4 => Just(Step::Due),
        8 => Just(Step::Expire),
        1 => Just(Step::Delete),
    ]
}

/// What must be so, kept beside what is.
#[derive(Default)]
struct Model {
    /// Who holds the lease.
    holder: Option<usize>,
    expired: bool,
    /// It is not to be begun yet.
    waits: bool,
    ended: bool,
    deleted: bool,
    attempts: i32,
    highest_fence: i64,
    /// What each worker believes to hold.
    believed: [Option<Job>; WORKERS],
}

/// The row as it is: state, attempts, fence, and the document's status and stage.
type Row = (String, i32, i64, String, Option<String>);

async fn row(test: &TestDatabase, job: JobId) -> Option<Row> {
    sqlx::query_as(
        "SELECT j.state, j.attempts, j.fence, d.status, d.stage
           FROM jobs j JOIN documents d ON d.id = j.document_id WHERE j.id = $1",
    )
    .bind(job.0)
    .fetch_optional(&test.admin)
    .await
    .unwrap()
}

/// Lets a job's lease run out.
pub async fn expire(test: &TestDatabase, job: JobId) {
    sqlx::query("UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE id = $1 AND state = 'running'")
        .bind(job.0)
        .execute(&test.admin)
        .await
        .unwrap();
}

async fn due(test: &TestDatabase, job: JobId) {
    sqlx::query("UPDATE jobs SET run_at = now() WHERE id = $1 AND state = 'queued'")
        .bind(job.0)
        .execute(&test.admin)
        .await
        .unwrap();
}

/// Ends a try as a worker does: begins to read, then holds the lease, writes, ends, all in one.
pub async fn finish(database: &Database, job: &Job, outcome: &JobOutcome) -> Result<(), Error> {
    database.begin_reading(job).await?;
    let mut work = database.begin().await?;
    work.hold_lease(job).await?;
    match outcome {
        JobOutcome::Done => work.mark_ready(job, None).await?,
        JobOutcome::Retry { .. } => {}
        JobOutcome::Dead { .. } => {
            let kind = JobKind::Process.as_str();
            work.give_up(kind, job.document_id).await?;
        }
    }
    work.end_job(job, outcome).await?;
    work.commit().await
}

async fn release(database: &Database, job: &Job, delay: Duration) -> Result<(), Error> {
    let mut work = database.begin().await?;
    work.hold_lease(job).await?;
    work.release_job(job, delay, "a test").await?;
    work.commit().await
}

impl Model {
    /// Whether somebody may begin it now.
    fn is_open(&self) -> bool {
        let free = self.holder.is_none() && !self.waits;
        !self.ended && !self.deleted && (free || self.expired)
    }

    fn claimed(&mut self, worker: usize, claim: Claim) {
        let open = self.is_open();
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
                // One that waits for another try has none left, and need not wait for its end.
                let waits = !self.ended && !self.deleted && self.waits;
                assert!(open || waits, "given up while somebody works");
                assert_eq!(self.attempts, MAX_ATTEMPTS, "given up too early");
                (self.holder, self.expired, self.ended) = (None, false, true);
                self.highest_fence += 1;
            }
            Claim::NotMine | Claim::Left => assert!(!open, "an open job was not given"),
        }
    }

    /// Of two who claim at once, at most one gets anything.
    fn claimed_twice(&mut self, (one, first): (usize, Claim), (other, second): (usize, Claim)) {
        match (&first, &second) {
            (_, Claim::NotMine) => self.claimed(one, first),
            (Claim::NotMine, _) => self.claimed(other, second),
            both => panic!("both got something: {both:?}"),
        }
    }

    /// Checks a try's end against whether that worker held the lease; whether it did.
    fn let_go(&mut self, worker: usize, result: Result<(), Error>) -> bool {
        let held = self.holder == Some(worker) && !self.deleted;
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

/// A database, and a job in it.
struct Play<'a> {
    test: &'a TestDatabase,
    database: &'a Database,
    job: JobId,
    document: DocumentId,
    model: Model,
}

impl Play<'_> {
    async fn run(&mut self, steps: &[Step]) {
        for step in steps {
            let before = row(self.test, self.job).await;
            let changed = self.take(*step).await;
            let after = row(self.test, self.job).await;
            if !changed {
                assert_eq!(after, before, "{step:?} changed what was not its own");
            }
            self.check(*step, after).await;
        }
    }

    /// Holds the row against the model.
    async fn check(&self, step: Step, row: Option<Row>) {
        let model = &self.model;
        assert_eq!(row.is_none(), model.deleted, "after {step:?}");
        if let Some((state, attempts, fence, status, _)) = row {
            assert_eq!(
                (attempts, fence),
                (model.attempts, model.highest_fence),
                "after {step:?}"
            );
            assert!((0..=MAX_ATTEMPTS).contains(&attempts));
            assert_eq!(state == "running", model.holder.is_some());
            assert_eq!(["done", "dead"].contains(&state.as_str()), model.ended);
            assert_eq!(["ready", "failed"].contains(&status.as_str()), model.ended);
        }
        let over = model.ended || model.deleted;
        assert_eq!(self.database.job_has_ended(self.job).await.unwrap(), over);
        let sent = self.database.jobs_to_dispatch(Duration::ZERO, i64::MAX);
        let sent = sent.await.unwrap().contains(&self.job);
        assert_eq!(sent, model.is_open(), "after {step:?}");
    }

    /// Takes a step; whether it may have changed anything.
    async fn take(&mut self, step: Step) -> bool {
        let retry = |delay| JobOutcome::Retry {
            delay,
            error: "a test".to_owned(),
        };
        match step {
            Step::Claim(worker) => {
                let claim = self.claim().await;
                let changed = claim != Claim::NotMine;
                self.model.claimed(worker, claim);
                changed
            }
            Step::ClaimTwice(one, other) => {
                let (first, second) = tokio::join!(self.claim(), self.claim());
                let nothing = [&first, &second]
                    .iter()
                    .all(|claim| **claim == Claim::NotMine);
                self.model.claimed_twice((one, first), (other, second));
                !nothing
            }
            Step::Extend(worker) => self.extend(worker).await,
            Step::Done(worker) => self.end(worker, JobOutcome::Done).await,
            Step::Retry(worker) => self.end(worker, retry(Duration::ZERO)).await,
            Step::RetryLater(worker) => self.end(worker, retry(LEASE)).await,
            Step::Dead(worker) => {
                let error = "a test".to_owned();
                self.end(worker, JobOutcome::Dead { error }).await
            }
            Step::Release(worker) => self.give_back(worker, Duration::ZERO).await,
            Step::Postpone(worker) => self.give_back(worker, LEASE).await,
            Step::Due => {
                due(self.test, self.job).await;
                self.model.waits = false;
                true
            }
            Step::Expire => {
                expire(self.test, self.job).await;
                self.model.expired = self.model.holder.is_some();
                true
            }
            Step::Delete => self.delete().await,
        }
    }

    async fn claim(&self) -> Claim {
        self.database.claim_job(self.job, LEASE).await.unwrap()
    }

    async fn extend(&mut self, worker: usize) -> bool {
        let Some(job) = self.model.believed[worker].clone() else {
            return false;
        };
        let held = self.model.holder == Some(worker);
        let extended = self.database.extend_lease(&job, LEASE).await.unwrap();
        assert_eq!(extended, held, "extended without the lease");
        self.model.expired &= !held;
        held
    }

    async fn end(&mut self, worker: usize, outcome: JobOutcome) -> bool {
        let Some(job) = self.model.believed[worker].clone() else {
            return false;
        };
        let result = finish(self.database, &job, &outcome).await;
        let held = self.model.let_go(worker, result);
        if held {
            self.model.ended = !matches!(outcome, JobOutcome::Retry { .. });
            self.model.waits =
                matches!(outcome, JobOutcome::Retry { delay, .. } if delay > Duration::ZERO);
        }
        held
    }

    async fn give_back(&mut self, worker: usize, delay: Duration) -> bool {
        let Some(job) = self.model.believed[worker].clone() else {
            return false;
        };
        let result = release(self.database, &job, delay).await;
        let held = self.model.let_go(worker, result);
        if held {
            self.model.attempts -= 1;
            self.model.waits = delay > Duration::ZERO;
        }
        held
    }

    async fn delete(&mut self) -> bool {
        let entry = entry(AuditEvent::DocumentDeleted);
        let deleted = self
            .database
            .delete_document(PERSON, self.document, &entry)
            .await;
        assert_eq!(deleted.unwrap().is_some(), !self.model.deleted);
        (self.model.deleted, self.model.holder) = (true, None);
        true
    }
}

#[test]
fn whatever_happens_in_whatever_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let test = runtime.block_on(TestDatabase::create());
    let database = runtime.block_on(async { database(&test) });
    let histories = prop::collection::vec(step(), 1..40);
    let config = Config {
        cases: 80,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&histories, |steps| {
            runtime.block_on(async {
                let job = JobId(Uuid::now_v7());
                let document = document(&database, job).await.id;
                let mut play = Play {
                    test: &test,
                    database: &database,
                    job,
                    document,
                    model: Model::default(),
                };
                play.run(&steps).await;
            });
            Ok(())
        })
        .unwrap();
}
