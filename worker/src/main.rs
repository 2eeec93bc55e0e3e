//! The worker's binary. Run as `worker extract-child` it is the sandboxed child that reads one
//! stranger's file, and nothing else.

use anyhow::{Result, bail};
use settings::{Env, WorkerSettings};
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// What else it can be asked.
const CHECK_CONFIG: &str = "--check-config";

fn main() -> Result<ExitCode> {
    let asked = std::env::args().nth(1);
    if asked.as_deref() == Some(extraction::CHILD_ARGUMENT) {
        return Ok(extraction::child_main());
    }
    wiring::install_tls();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match asked.as_deref() {
        None => runtime.block_on(work())?,
        Some(CHECK_CONFIG) => return Ok(runtime.block_on(worker::check_config(&Env::process()))),
        Some(_) => bail!("`worker` takes no argument but {CHECK_CONFIG}."),
    }
    Ok(ExitCode::SUCCESS)
}

async fn work() -> Result<()> {
    let settings = WorkerSettings::read(&Env::process())?;
    wiring::start_logs(&settings.log);
    let program = std::env::current_exe()?;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        wiring::stop_signal().await;
        stopping.cancel();
    });
    drop(sd_notify::notify(&[sd_notify::NotifyState::Ready]));
    worker::work(&settings, program, stop).await
}
