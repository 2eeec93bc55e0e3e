//! The worker's composition root and its loops: jobs, and housekeeping.

use crate::jobs::Jobs;
use anyhow::Result;
use domain::{Caller, Clock};
use extraction::{CHILD_ARGUMENT, Extractor, Limits};
use queue::{Runner, RunnerConfig};
use services::Services;
use settings::WorkerSettings;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long running jobs may go on after a stop is asked for.
const GRACE: Duration = Duration::from_secs(10);

/// How often the objects of deleted documents are deleted that could not be at once.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// How often the whole store is looked through for objects without a row.
const ORPHANS_EVERY: Duration = Duration::from_secs(6 * 3600);

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
    let built = wiring::build(&wiring::Sources {
        database_url: &settings.database_url,
        max_connections: u32::try_from(settings.worker.concurrency).unwrap_or(64) * 2 + 4,
        store: &settings.store,
        redis: &settings.redis,
        secrets: &settings.secrets,
        filing: &settings.filing,
        accounts: &settings.accounts,
        // What a worker does is told to nobody by mail.
        mail: &settings::Mail::default(),
        max_upload_bytes: settings.worker.max_upload_bytes,
    })?;
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
    tokio::join!(
        runner.run(stop.clone()),
        sweep(&built.services, &clock, &stop)
    );
    built.services.finish().await;
    built.database.close().await;
    Ok(())
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
    let mut sign_ins = tokio::time::interval(SIGN_INS_EVERY);
    let mut seals = tokio::time::interval(SEALS_EVERY);
    let sweeping = services.sweeping();
    loop {
        let (what, swept) = tokio::select! {
            () = stop.cancelled() => return,
            _ = noted.tick() => ("objects of deleted documents", sweeping.delete_noted(&caller).await),
            _ = orphans.tick() => ("objects without a document", sweeping.delete_orphans(&caller, clock.now()).await),
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
