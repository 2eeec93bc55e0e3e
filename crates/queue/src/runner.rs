//! The worker's loops: read, claim, work, heartbeat, take over, reconcile, stop.

use crate::{Delivery, Message, delivery::Reader};
use async_trait::async_trait;
use database::{Claim, Database, JobOutcome};
use domain::{DocumentId, Job, JobId, job::backoff_ceiling};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, RwLock, Semaphore},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

/// How long one blocking read lasts: also how soon a stop is noticed while nothing comes.
const BLOCK: Duration = Duration::from_secs(2);

/// How long to wait before asking again when Redis or PostgreSQL is away.
const AWAY: Duration = Duration::from_secs(1);

/// About how long a job waits while a part of the system is away.
const POSTPONE: Duration = Duration::from_secs(5);

/// How many jobs the reconciler sends at once.
const RECONCILE_BATCH: i64 = 500;

/// How long done jobs are kept.
const KEEP_DONE: Duration = Duration::from_secs(7 * 24 * 3600);

/// What became of a try, as its handler saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The handler wrote its result and ended the job in one transaction.
    Ended,
    /// It did not work this time.
    Retry {
        /// Why, for the log.
        error: String,
    },
    /// A part of the system is away: this try does not count.
    Postpone {
        /// Why, for the log.
        error: String,
    },
    /// Another worker has the job now, or its document is gone.
    Lost,
}

/// What does the work.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Does the job's work. May run twice for one job: whatever it writes is written under the lease,
    /// and its last write ends the job. Dropping the future must stop the work.
    async fn handle(&self, job: &Job) -> Verdict;

    /// The job was given up after its last try; its document says so already.
    async fn gave_up(&self, document: DocumentId);
}

/// How a runner works.
#[derive(Clone, Debug)]
pub struct RunnerConfig {
    /// This worker's name in the consumer group, unique among living workers.
    pub consumer: String,
    /// How many jobs at once.
    pub concurrency: usize,
    /// How long a job stays this worker's without a sign of life.
    pub lease: Duration,
    /// How often lost jobs are looked for.
    pub reconcile_every: Duration,
    /// How long running jobs may go on after a stop is asked for.
    pub grace: Duration,
}

/// Drains the queue.
pub struct Runner {
    database: Database,
    delivery: Delivery,
    handler: Arc<dyn Handler>,
    config: RunnerConfig,
    /// Shared by jobs that run beside each other; held by one that runs alone.
    company: RwLock<()>,
}

impl Runner {
    /// A runner that does nothing yet.
    pub fn new(
        database: Database,
        delivery: Delivery,
        handler: Arc<dyn Handler>,
        config: RunnerConfig,
    ) -> Arc<Self> {
        Arc::new(Self {
            database,
            delivery,
            handler,
            config,
            company: RwLock::new(()),
        })
    }

    /// Works until `stop`, then finishes what it has or gives it back.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let abandon = CancellationToken::new();
        let tasks = TaskTracker::new();
        let reconciler = tokio::spawn(Arc::clone(&self).reconcile(stop.clone()));
        // The time that running jobs have left begins with the stop, not when the last read has ended.
        let patience = tokio::spawn(cancel_after(
            stop.clone(),
            self.config.grace,
            abandon.clone(),
        ));
        Arc::clone(&self).read(&stop, &abandon, &tasks).await;
        tasks.close();
        tasks.wait().await;
        patience.abort();
        if let Err(error) = reconciler.await {
            tracing::error!(%error, "the reconciler ended badly");
        }
    }

    async fn read(
        self: Arc<Self>,
        stop: &CancellationToken,
        abandon: &CancellationToken,
        tasks: &TaskTracker,
    ) {
        let slots = Arc::new(Semaphore::new(self.config.concurrency));
        let mut reader: Option<Reader> = None;
        let mut taken_over = None;
        while !stop.is_cancelled() {
            let permit = tokio::select! {
                () = stop.cancelled() => return,
                permit = Arc::clone(&slots).acquire_owned() => permit,
            };
            let Ok(permit) = permit else { return };
            // Not raced against `stop`: a dropped read could have been given a message already.
            match self.next_messages(&mut reader, &mut taken_over).await {
                Ok(messages) => {
                    let mut permit = Some(permit);
                    for message in messages {
                        let permit = match permit.take() {
                            Some(permit) => permit,
                            None => match Arc::clone(&slots).acquire_owned().await {
                                Ok(permit) => permit,
                                Err(_) => return,
                            },
                        };
                        let span = span_of(&message);
                        let task = Arc::clone(&self).deal_with(message, permit, abandon.clone());
                        tasks.spawn(task.instrument(span));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "Redis is away; jobs wait");
                    reader = None;
                    pause(AWAY, stop).await;
                }
            }
        }
    }

    /// New messages, or now and then those of a consumer that fell silent.
    async fn next_messages(
        &self,
        reader: &mut Option<Reader>,
        taken_over: &mut Option<Instant>,
    ) -> Result<Vec<Message>, crate::Error> {
        let reader = match reader {
            Some(reader) => reader,
            None => reader.insert(self.delivery.reader(&self.config.consumer, BLOCK).await?),
        };
        if taken_over.is_none_or(|at| at.elapsed() >= self.config.lease / 2) {
            *taken_over = Some(Instant::now());
            return reader
                .take_over(self.config.lease, self.config.concurrency)
                .await;
        }
        reader.read(1).await
    }

    async fn deal_with(
        self: Arc<Self>,
        message: Message,
        permit: OwnedSemaphorePermit,
        abandon: CancellationToken,
    ) {
        if let Some(job) = message.job
            && let Err(error) = self.try_job(job, &abandon).await
        {
            // The message goes all the same: the job's row brings it back.
            tracing::warn!(job = %job, error = &error as &dyn std::error::Error, "job {job} could not be claimed or ended");
        }
        if let Err(error) = self.delivery.remove(&message).await {
            tracing::debug!(%error, "a message could not be removed");
        }
        drop(permit);
    }

    /// A job whose worker fell silent may be what killed it: it runs alone, so that a job which kills
    /// its worker every time takes no other down with it until both are given up.
    async fn try_job(&self, id: JobId, abandon: &CancellationToken) -> Result<(), database::Error> {
        let beside_others = self.company.read().await;
        let claim = self.database.claim_fresh_job(id, self.config.lease).await?;
        if claim != Claim::Left {
            return self.go_on(id, claim, abandon).await;
        }
        drop(beside_others);
        let _alone = self.company.write().await;
        // Claimed only now: a job that waits for its turn was not begun.
        let claim = self.database.claim_job(id, self.config.lease).await?;
        self.go_on(id, claim, abandon).await
    }

    async fn go_on(
        &self,
        id: JobId,
        claim: Claim,
        abandon: &CancellationToken,
    ) -> Result<(), database::Error> {
        match claim {
            Claim::NotMine | Claim::Left => Ok(()),
            Claim::Exhausted { document_id } => {
                tracing::error!(job = %id, document = %document_id, "job {id} was begun too often and is given up");
                self.handler.gave_up(document_id).await;
                Ok(())
            }
            Claim::Held(job) => self.work(job, abandon).await,
        }
    }

    async fn work(&self, job: Job, abandon: &CancellationToken) -> Result<(), database::Error> {
        let handler = Arc::clone(&self.handler);
        let lost = CancellationToken::new();
        let heartbeat = heartbeat(
            self.database.clone(),
            job.clone(),
            self.config.lease,
            lost.clone(),
        );
        let heartbeat = tokio::spawn(heartbeat.in_current_span());
        let mine = job.clone();
        let handling = async move { handler.handle(&mine).await };
        let mut task = tokio::spawn(handling.in_current_span());
        let verdict = tokio::select! {
            ended = &mut task => ended.unwrap_or_else(|_| Verdict::Retry { error: "the handler panicked".to_owned() }),
            () = lost.cancelled() => {
                stop_task(task).await;
                Verdict::Lost
            }
            () = abandon.cancelled() => {
                stop_task(task).await;
                heartbeat.abort();
                return self.hand_over(&job).await;
            }
        };
        heartbeat.abort();
        telemetry::metrics::job(word(&verdict));
        match verdict {
            Verdict::Ended => Ok(()),
            Verdict::Lost => {
                tracing::info!(job = %job.id, "job {} is another worker's now, or its document is gone", job.id);
                Ok(())
            }
            Verdict::Postpone { error } => {
                tracing::warn!(job = %job.id, error, "job {} waits", job.id);
                self.give_back(&job, POSTPONE.mul_f64(0.5 + rand::random::<f64>()), &error)
                    .await
            }
            Verdict::Retry { error } => self.failed_try(&job, error).await,
        }
    }

    /// Gives a job back that this worker has no time for any more, and sends it to another at once.
    async fn hand_over(&self, job: &Job) -> Result<(), database::Error> {
        telemetry::metrics::job("handed_over");
        self.give_back(job, Duration::ZERO, "the worker was asked to stop")
            .await?;
        tracing::info!("the job is given back, as the worker stops");
        if let Err(error) = self.delivery.send(&[job.id]).await {
            tracing::warn!(%error, "the job could not be sent and waits for the reconciler");
        }
        Ok(())
    }

    async fn give_back(
        &self,
        job: &Job,
        delay: Duration,
        reason: &str,
    ) -> Result<(), database::Error> {
        let mut work = self.database.begin().await?;
        match work.hold_lease(job).await {
            Err(database::Error::LeaseLost) => return Ok(()),
            held => held?,
        }
        work.release_job(job, delay, reason).await?;
        work.commit().await
    }

    async fn failed_try(&self, job: &Job, error: String) -> Result<(), database::Error> {
        let mut work = self.database.begin().await?;
        match work.hold_lease(job).await {
            Err(database::Error::LeaseLost) => return Ok(()),
            held => held?,
        }
        let last = job.attempts >= job.max_attempts;
        let outcome = if last {
            tracing::error!(job = %job.id, error, "job {} failed for the last time", job.id);
            work.give_up(job.kind.as_str(), job.document_id).await?;
            JobOutcome::Dead { error }
        } else {
            let delay = backoff_ceiling(job.attempts).mul_f64(rand::random::<f64>());
            tracing::warn!(job = %job.id, error, ?delay, "job {} failed and will be tried again", job.id);
            JobOutcome::Retry { delay, error }
        };
        work.end_job(job, &outcome).await?;
        work.commit().await?;
        if last {
            self.handler.gave_up(job.document_id).await;
        }
        Ok(())
    }

    /// Sends again what seems lost, and forgets what is long done.
    async fn reconcile(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.reconcile_once().await {
                tracing::warn!(error = &*error, "jobs could not be reconciled");
            }
            pause(self.config.reconcile_every, &stop).await;
        }
    }

    async fn reconcile_once(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        // Jobs are noted as sent by the query: ask first whether they can be.
        self.delivery.ping().await?;
        let jobs = self
            .database
            .jobs_to_dispatch(self.config.lease, RECONCILE_BATCH)
            .await?;
        if !jobs.is_empty() {
            tracing::info!(count = jobs.len(), "jobs are sent again");
            self.delivery.send(&jobs).await?;
        }
        self.database.forget_done_jobs(KEEP_DONE).await?;
        Ok(())
    }
}

/// Under which name a message's job is logged.
fn span_of(message: &Message) -> tracing::Span {
    match message.job {
        Some(job) => tracing::info_span!("job", job_id = %job),
        None => tracing::Span::none(),
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Ended => "ended",
        Verdict::Retry { .. } => "failed",
        Verdict::Postpone { .. } => "postponed",
        Verdict::Lost => "lost",
    }
}

async fn cancel_after(stop: CancellationToken, grace: Duration, abandon: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(grace).await;
    abandon.cancel();
}

async fn stop_task(task: tokio::task::JoinHandle<Verdict>) {
    task.abort();
    drop(task.await);
}

/// Keeps the lease until aborted; cancels `lost` when it is gone.
async fn heartbeat(database: Database, job: Job, lease: Duration, lost: CancellationToken) {
    let mut last_seen = Instant::now();
    loop {
        tokio::time::sleep(lease / 3).await;
        match database.extend_lease(&job, lease).await {
            Ok(true) => last_seen = Instant::now(),
            Ok(false) => return lost.cancel(),
            // PostgreSQL is away: the lease holds until it has run out.
            Err(_) if last_seen.elapsed() < lease => {}
            Err(_) => return lost.cancel(),
        }
    }
}

async fn pause(duration: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(duration) => {}
    }
}
