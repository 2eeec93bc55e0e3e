//! The worker's binary. Run as `worker extract-child` it is the sandboxed child that reads one
//! stranger's file, and nothing else.

use anyhow::Result;
use settings::{Env, WorkerSettings};
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

fn main() -> Result<ExitCode> {
    if std::env::args().nth(1).as_deref() == Some(extraction::CHILD_ARGUMENT) {
        return Ok(extraction::child_main());
    }
    wiring::install_tls();
    let settings = WorkerSettings::from_env(&Env::process())?;
    wiring::start_logs(&settings.log);
    let program = std::env::current_exe()?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let stop = CancellationToken::new();
            tokio::spawn(cancel_on_signal(stop.clone()));
            drop(sd_notify::notify(&[sd_notify::NotifyState::Ready]));
            worker::work(&settings, program, stop).await
        })?;
    Ok(ExitCode::SUCCESS)
}

async fn cancel_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM can't be heard");
            drop(tokio::signal::ctrl_c().await);
        }
    }
    tracing::info!("stopping: running jobs may finish");
    stop.cancel();
}
