//! The worker's composition root and its loops: jobs, and housekeeping.

use crate::{jobs::Jobs, scrub::scrub};
use anyhow::Result;
use domain::{Caller, Clock};
use extraction::{CHILD_ARGUMENT, Extractor, Limits};
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

/// Works until `stop`. `program` is what is run as the sandboxed child.
///
/// # Errors
/// When a setting makes no sense.
pub async fn work(
    settings: &WorkerSettings,
    program: PathBuf,
    stop: CancellationToken,
) -> Result<()> {
    let built = wiring::build(&sources(settings))?;
    wiring::show_metrics(settings.metrics, "worker", built.database.clone()).await?;
    let extractor = Extractor::new(
        program,
        vec![CHILD_ARGUMENT.to_owned()],
        limits(&settings.worker),
    );
    let jobs = Arc::new(Jobs {
        services: built.services.clone(),
        extractor,
    });
    let config = RunnerConfig {
        consumer: Uuid::new_v4().to_string(),
        concurrency: settings.worker.concurrency,
        lease: settings.worker.lease,
        reconcile_every: settings.worker.reconcile_every,
        grace: GRACE,
    };
    let runner = Runner::new(built.database.clone(), built.delivery, jobs, config);
    tracing::info!(concurrency = settings.worker.concurrency, "working");
    let clock = Clock::system();
    let working = async {
        tokio::join!(
            runner.run(stop.clone()),
            sweep(&built.services, &clock, &stop),
            scrub(&built.services, &clock, settings.worker.scrub_every, &stop)
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

/// What a worker does is told to nobody by mail.
static NO_MAIL: settings::Mail = settings::Mail { server: None };

/// What the services are built from.
fn sources(settings: &WorkerSettings) -> wiring::Sources<'_> {
    wiring::Sources {
        database_url: &settings.database_url,
        max_connections: u32::try_from(settings.worker.concurrency).unwrap_or(64) * 2 + 4,
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
    match wiring::report(WorkerSettings::read(env), sources).await {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn limits(worker: &settings::Worker) -> Limits {
    Limits {
        memory_bytes: worker.sandbox.memory_bytes,
        wall: worker.sandbox.wall,
        cpu: worker.sandbox.wall,
        ocr_languages: worker.sandbox.ocr_languages.clone(),
        ..Limits::default()
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
            _ = noted.tick() => ("objects of deleted documents", sweeping.delete_noted(&caller).await),
            _ = orphans.tick() => ("objects without a document", sweeping.delete_orphans(&caller, clock.now()).await),
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
