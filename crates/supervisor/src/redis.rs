//! A Redis of our own, with a password and an append-only file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Purpose;
use crate::kept::{Kept, write_private};
use crate::process::{Program, Running, find_on_path};
use crate::waiting::{until, until_gone};

const READY_WITHIN: Duration = Duration::from_secs(15);

/// A running Redis, or Valkey where that is what is installed.
pub struct Redis {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    password: String,
    running: Option<Running>,
}

impl Redis {
    /// Starts it on the data in this folder, made on the first call, and waits until it answers.
    pub async fn start(folder: &Path, purpose: Purpose) -> Result<Self> {
        let program = find_on_path("redis-server")
            .or_else(|| find_on_path("valkey-server"))
            .context("Redis was not found on PATH. Install the package `redis-server`.")?;
        let mut kept = Kept::in_folder(folder)?;
        wait_for_the_one_before(folder).await?;
        let mut redis = Self {
            program,
            folder: folder.to_owned(),
            port: kept.port()?,
            password: kept.secret("PASSWORD", 24)?,
            running: None,
        };
        redis.configure(purpose)?;
        redis.start_again().await?;
        Ok(redis)
    }

    /// Starts it after [`stop`](Self::stop), on the same port with the same data.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let mut running = Program {
            arguments: vec![self.configuration().into()],
            stop_with: Signal::TERM,
            ..Program::new("Redis", self.program.clone(), self.folder.join("log"))
        }
        .start()?;
        until("Redis", READY_WITHIN, async || {
            if let Some(status) = running.ended()? {
                return Err(running.report(status));
            }
            Ok(self.ping().await.ok())
        })
        .await?;
        self.running = Some(running);
        Ok(())
    }

    /// Writes what it has to disk and stops.
    pub async fn stop(&mut self) -> Result<()> {
        match self.running.take() {
            Some(running) => running.stop().await,
            None => Ok(()),
        }
    }

    /// The address, password included. `default` is the user that everybody is; redis-cli can't do
    /// without the name.
    pub fn url(&self) -> String {
        format!(
            "redis://default:{}@127.0.0.1:{}/0",
            self.password, self.port
        )
    }

    /// Completes only when Redis ends without having been stopped.
    pub async fn unexpected_end(&mut self) -> anyhow::Error {
        match &mut self.running {
            Some(running) => running.unexpected_end().await,
            None => std::future::pending().await,
        }
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("redis.conf")
    }

    /// In a file rather than in arguments, which every user of the machine can list.
    fn configure(&self, purpose: Purpose) -> Result<()> {
        let sync = match purpose {
            Purpose::Keep => "everysec",
            Purpose::Throwaway => "no",
        };
        let folder = self.folder.display();
        let text = format!(
            "bind 127.0.0.1\nport {}\nrequirepass {}\ndir \"{folder}\"\npidfile \"{}\"\n\
             appendonly yes\nappendfsync {sync}\nsave \"\"\nmaxmemory-policy noeviction\n",
            self.port,
            self.password,
            pid_file(&self.folder).display(),
        );
        write_private(&self.configuration(), &text)
    }

    /// While it loads its data, Redis accepts connections and answers with an error.
    async fn ping(&self) -> Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let request = format!("AUTH {}\r\nPING\r\n", self.password);
        connection.write_all(request.as_bytes()).await?;
        let mut answer = [0; b"+OK\r\n+PONG\r\n".len()];
        connection.read_exact(&mut answer).await?;
        anyhow::ensure!(&answer == b"+OK\r\n+PONG\r\n", "not ready");
        Ok(())
    }
}

fn pid_file(folder: &Path) -> PathBuf {
    folder.join("redis.pid")
}

/// After its supervisor was killed, a Redis needs a moment to write its data and go.
async fn wait_for_the_one_before(folder: &Path) -> Result<()> {
    let Ok(pid) = std::fs::read_to_string(pid_file(folder)) else {
        return Ok(());
    };
    let is_redis = |name: &str| name.starts_with("redis") || name.starts_with("valkey");
    until_gone(
        "The Redis of an earlier start",
        &pid,
        READY_WITHIN,
        is_redis,
    )
    .await
    .with_context(|| format!("`{}` is still in use", folder.display()))
}
