//! The worker's composition root and its loops: jobs, and housekeeping.

use crate::{jobs::Jobs, machine, ready::tell_when_ready, scrub::scrub};
use anyhow::Result;
use domain::{Caller, Clock};
use queue::{Runner, RunnerConfig};
use services::Services;
use settings::WorkerSettings;
use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long running jobs may go on after a stop is asked for.
const GRACE: Duration = Duration::from_secs(5);

/// How long everything may go on: less than the ten seconds that containers are given.
const LIMIT: Duration = Duration::from_secs(9);

/// How often the objects of deleted documents are deleted that could not be at once.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// How often the whole store is looked through for objects without a row.
const ORPHANS_EVERY: Duration = Duration::from_secs(6 * 3600);

/// How often uploads in parts are looked for that came to no end.
const UNFINISHED_EVERY: Duration = Duration::from_secs(6 * 3600);

/// How often sessions and links are forgotten that nobody can use any more.
const SIGN_INS_EVERY: Duration = Duration::from_secs(3600);

/// How often secrets are looked for that are still sealed under the previous key.
const SEALS_EVERY: Duration = Duration::from_secs(3600);

/// Works until `stop`. `program` is the [`reader`](crate::reader).
///
/// # Errors
/// When a setting makes no sense, or this machine lacks what `SANDBOX` wants.
pub async fn work(
    settings: &WorkerSettings,
    program: PathBuf,
    stop: CancellationToken,
) -> Result<()> {
    let extractor = machine::extractor(&settings.worker, program);
    machine::ready(&settings.worker, &extractor).await?;
    let built = wiring::build(&sources(settings))?;
    wiring::show_metrics(
        settings.metrics,
        "worker",
        built.database.clone(),
        built.delivery.clone(),
    )
    .await?;
    let jobs = Arc::new(Jobs {
        services: built.services.clone(),
        extractor,
    });
    let config = RunnerConfig {
        consumer: Uuid::new_v4().to_string(),
        concurrency: jobs_at_once(&settings.worker),
        lease: settings.worker.lease,
        reconcile_every: settings.worker.reconcile_every,
        grace: GRACE,
    };
    let (database, delivery) = (built.database.clone(), built.delivery.clone());
    let runner = Runner::new(database, delivery, jobs, config);
    tracing::info!(reading = settings.worker.concurrency, "working");
    let clock = Clock::system();
    let working = async {
        tokio::join!(
            runner.run(stop.clone()),
            sweep(&built.services, &clock, &stop),
            scrub(&built.services, &clock, settings.worker.scrub_every, &stop),
            tell_when_ready(&built.database, &built.delivery, &stop)
        );
        built.services.finish().await;
        built.database.close().await;
    };
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(LIMIT).await;
    };
    tokio::select! {
        () = working => tracing::info!("stopped"),
        () = late => tracing::warn!("some work did not end in time and is cut off"),
    }
    Ok(())
}

/// How many jobs are under way: twice as many as files are read. What is read waits for the disk, or for
/// the answer of a model far away, while the next file is read.
fn jobs_at_once(worker: &settings::Worker) -> usize {
    worker.concurrency * 2
}

/// What a worker does is told to nobody by mail.
static NO_MAIL: settings::Mail = settings::Mail { server: None };

/// What the services are built from.
fn sources(settings: &WorkerSettings) -> wiring::Sources<'_> {
    wiring::Sources {
        database_url: &settings.database_url,
        max_connections: u32::try_from(jobs_at_once(&settings.worker)).unwrap_or(128) + 4,
        store: &settings.store,
        redis: &settings.redis,
        secrets: &settings.secrets,
        filing: &settings.filing,
        accounts: &settings.accounts,
        mail: &NO_MAIL,
        max_upload_bytes: settings.worker.max_upload_bytes,
    }
}

/// Looks whether every setting can be used and every service is there, and says what to do. Ends with 0
/// when the worker could start and work, else with 1.
pub async fn check_config(env: &settings::Env) -> ExitCode {
    let read = WorkerSettings::read(env);
    let worker = read.as_ref().ok().map(|settings| settings.worker.clone());
    let mut works = wiring::report(env, read, sources).await;
    if let Some(worker) = worker {
        works &= machine::report(&worker).await;
    }
    match works {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Keeps house. What can't be done now is done the next time.
async fn sweep(services: &Services, clock: &Clock, stop: &CancellationToken) {
    let caller = Caller::system("sweeper");
    let mut noted = tokio::time::interval(SWEEP_EVERY);
    let mut orphans = tokio::time::interval(ORPHANS_EVERY);
    let mut unfinished = tokio::time::interval(UNFINISHED_EVERY);
    let mut sign_ins = tokio::time::interval(SIGN_INS_EVERY);
    let mut seals = tokio::time::interval(SEALS_EVERY);
    let sweeping = services.sweeping();
    loop {
        let (what, swept) = tokio::select! {
            () = stop.cancelled() => return,
            _ = noted.tick() => ("objects of deleted documents", sweeping.delete_noted(&caller, clock.now()).await),
            _ = orphans.tick() => ("objects without a document, which go in a week", sweeping.note_orphans(&caller, clock.now()).await),
            _ = unfinished.tick() => ("uploads in parts that came to no end", sweeping.abort_unfinished(&caller, clock.now()).await),
            _ = sign_ins.tick() => ("old sign-ins", sweeping.forget_old_sign_ins(&caller).await.map(|()| 0)),
            _ = seals.tick() => ("secrets under the previous key", sweeping.seal_anew(&caller).await),
        };
        match swept {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "kept house: {what}"),
            Err(error) => tracing::warn!(%error, "housekeeping has to wait: {what}"),
        }
    }
}
