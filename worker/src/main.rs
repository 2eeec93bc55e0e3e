//! The worker's binary. The reader, which it runs for each file, lies beside it.

use anyhow::{Result, bail};
use settings::{Env, WorkerSettings};
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// What else it can be asked.
const CHECK_CONFIG: &str = "--check-config";

/// And this: whether the worker that runs here reaches what it needs.
const HEALTHCHECK: &str = "healthcheck";

fn main() -> Result<ExitCode> {
    let asked = std::env::args().nth(1);
    wiring::install_tls();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match asked.as_deref() {
        None => runtime.block_on(work())?,
        Some(CHECK_CONFIG) => return Ok(runtime.block_on(worker::check_config(&Env::process()))),
        Some(HEALTHCHECK) => return Ok(runtime.block_on(healthcheck())),
        Some(_) => bail!("`worker` takes no argument but {CHECK_CONFIG} or {HEALTHCHECK}."),
    }
    Ok(ExitCode::SUCCESS)
}

/// In one line: whoever watches containers shows it as it is.
async fn healthcheck() -> ExitCode {
    match worker::healthcheck(&Env::process()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn settings() -> Result<WorkerSettings> {
    let env = Env::process();
    let settings = WorkerSettings::read(&env)?;
    wiring::start_logs(&settings.log);
    wiring::warn_of_slips(&env);
    Ok(settings)
}

async fn work() -> Result<()> {
    let settings = settings()?;
    let program = worker::reader()?;
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        wiring::stop_signal().await;
        stopping.cancel();
    });
    worker::work(&settings, program, stop).await
}
