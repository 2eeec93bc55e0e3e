//! One command with services of its own, which leave nothing behind.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::os::unix::process::ExitStatusExt;
use supervisor::{Purpose, Services, watched_command};
use tokio::process::Child;

use crate::environment;
use crate::signals::Signals;

/// The arguments of `supervisor exec`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Keep the services' data here; without this it is thrown away.
    #[arg(long)]
    state: Option<PathBuf>,
    /// The folder of the binaries, where the bundle left word about the browser's files.
    #[arg(long)]
    binaries: Option<PathBuf>,
    /// What to run.
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Runs the command and gives back its exit code.
pub async fn exec(arguments: Arguments) -> Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let temporary = tempfile::tempdir()?;
    let state = match &arguments.state {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            folder.canonicalize()?
        }
        None => temporary.path().to_owned(),
    };
    // A signal during the start waits for its end, seconds later: half a start is harder to undo.
    let mut services = Services::start(&state, Purpose::Throwaway).await?;
    let status = command(&arguments, &mut services, &mut signals).await;
    services.stop().await?;
    temporary.close()?;
    Ok(exit_code(status?))
}

async fn command(
    arguments: &Arguments,
    services: &mut Services,
    signals: &mut Signals,
) -> Result<ExitStatus> {
    let (program, rest) = arguments.command.split_first().context("no command")?;
    let mut environment = services.env();
    environment.insert(
        "TEST_DATABASE_ADMIN_URL".to_owned(),
        services.postgres.admin_url(),
    );
    if let Some(binaries) = &arguments.binaries {
        environment.extend(environment::of_the_site(binaries)?);
    }
    let mut child = watched_command(program)
        .args(rest)
        .envs(environment)
        .spawn()
        .with_context(|| format!("`{}` could not be started", program.display()))?;
    loop {
        tokio::select! {
            status = child.wait() => return Ok(status?),
            signal = signals.next() => pass_on(&child, signal),
            error = services.unexpected_end() => {
                pass_on(&child, Signal::TERM);
                child.wait().await?;
                return Err(error);
            }
        }
    }
}

/// Ctrl-C in a terminal reaches the command without us; twice would mean "at once" to some.
fn pass_on(child: &Child, signal: Signal) {
    if signal == Signal::INT && std::io::stdin().is_terminal() {
        return;
    }
    if let Some(pid) = child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
        // It may have ended just now, and then its code counts.
        let _ = kill_process(pid, signal);
    }
}

/// As shells do it: a command that a signal ended has 128 and the signal's number.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
