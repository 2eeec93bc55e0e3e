//! Programs that run as long as we want them to, and no longer.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};

use crate::account::Account;

const LINES_SHOWN: usize = 15;

/// What to run, and how to end it.
#[derive(Debug, Clone)]
pub struct Program {
    /// What people call it.
    pub name: &'static str,
    /// The file to execute.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What its environment has beyond ours.
    pub environment: BTreeMap<String, String>,
    /// What of our own environment it must not have.
    pub withheld: Vec<&'static str>,
    /// Where both of its outputs are appended to.
    pub log: PathBuf,
    /// How long it may take to end after being told to.
    pub grace: Duration,
    pub(crate) account: Account,
    pub(crate) stop_with: Signal,
    pub(crate) drop_with: Signal,
}

impl Program {
    /// A program without arguments that ends on SIGTERM.
    pub fn new(name: &'static str, path: PathBuf, log: PathBuf) -> Self {
        Self {
            name,
            path,
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            withheld: Vec::new(),
            log,
            grace: Duration::from_secs(15),
            account: Account::Own,
            stop_with: Signal::TERM,
            drop_with: Signal::KILL,
        }
    }

    /// Starts it in a process group of its own: Ctrl-C in a terminal reaches us alone, and we end
    /// things in order.
    pub fn start(self) -> Result<Running> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .with_context(|| format!("`{}` could not be opened", self.log.display()))?;
        let mut command = command(&self.path, &self.account, self.stop_with);
        for name in &self.withheld {
            command.env_remove(name);
        }
        let child = command
            .args(&self.arguments)
            .envs(&self.environment)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("`{}` could not be started", self.path.display()))?;
        Ok(Running {
            program: self,
            child,
        })
    }
}

/// A command that the kernel ends with SIGTERM when the calling thread is gone.
pub fn watched_command(path: &OsStr) -> Command {
    command(Path::new(path), &Account::Own, Signal::TERM)
}

/// The same for another user and another signal. Without `setpriv` (it belongs to Linux) the
/// program is started plainly.
pub(crate) fn command(path: &Path, account: &Account, signal: Signal) -> Command {
    let Some(setpriv) = find_on_path("setpriv") else {
        return Command::new(path);
    };
    let mut command = Command::new(setpriv);
    command
        .arg(format!("--pdeathsig={}", name_of(signal)))
        .args(account.setpriv_arguments())
        .arg(path);
    command
}

/// `setpriv` takes names only.
fn name_of(signal: Signal) -> &'static str {
    match signal {
        Signal::INT => "INT",
        Signal::QUIT => "QUIT",
        Signal::KILL => "KILL",
        _ => "TERM",
    }
}

/// Where a command lies.
pub(crate) fn find_on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A program that was started.
#[derive(Debug)]
pub struct Running {
    program: Program,
    child: Child,
}

impl Running {
    /// What people call it.
    pub fn name(&self) -> &'static str {
        self.program.name
    }

    /// Its number, as long as nobody has asked how it ended.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for it to end by itself.
    pub async fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Waits for it to end although it should not and says so, with the last lines of its log.
    pub async fn unexpected_end(&mut self) -> anyhow::Error {
        match self.child.wait().await {
            Ok(status) => self.report(status),
            Err(error) => anyhow::Error::new(error).context(self.program.name),
        }
    }

    /// The sentence for a program that should still be running.
    pub fn report(&self, status: ExitStatus) -> anyhow::Error {
        anyhow::anyhow!(
            "{} ended unexpectedly ({status}). The end of {}:\n{}",
            self.program.name,
            self.program.log.display(),
            last_lines(&self.program.log)
        )
    }

    /// Tells it to end, waits, and kills it and its group if that takes too long.
    pub async fn stop(mut self) -> Result<()> {
        self.signal(self.program.stop_with);
        if tokio::time::timeout(self.program.grace, self.child.wait())
            .await
            .is_err()
        {
            if let Some(group) = self.pid() {
                // It may have ended just now: then there is nobody to kill.
                let _ = kill_process_group(group, Signal::KILL);
            }
            self.child.wait().await?;
        }
        Ok(())
    }

    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(self.id()?.cast_signed())
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            // As above: a process that is gone needs no signal.
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.signal(self.program.drop_with);
        }
    }
}

/// The end of a log, for people.
pub(crate) fn last_lines(log: &Path) -> String {
    let bytes = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(LINES_SHOWN);
    lines
        .iter()
        .skip(from)
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
