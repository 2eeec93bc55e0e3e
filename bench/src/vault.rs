//! A vault of the real binaries, on services that keep what they say they keep.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sqlx::PgPool;
use supervisor::{Admin, Purpose, Services, until, watched_command};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::client::Client;

/// More than any measurement uploads.
const QUOTA: u64 = 1 << 40;

const HEALTHY_WITHIN: Duration = Duration::from_secs(30);

/// How exactly a start is timed.
const BETWEEN_TRIES: Duration = Duration::from_millis(2);

/// Where the programs are that are measured, and where their vaults lie.
pub struct Place {
    binaries: PathBuf,
    vaults: TempDir,
}

impl Place {
    /// With the programs in this folder. The vaults lie beside them: temporary folders are often in memory,
    /// where waiting for the disk costs nothing. All of them go with the place, none before: for some
    /// minutes ext4 looks at every file that was deleted before it makes another.
    pub fn beside(binaries: &Path) -> Result<Self> {
        let vaults = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(binaries)?;
        Ok(Self {
            binaries: binaries.to_owned(),
            vaults,
        })
    }

    /// The folder of the programs.
    pub fn binaries(&self) -> &Path {
        &self.binaries
    }

    fn new_vault(&self) -> Result<PathBuf> {
        Ok(tempfile::tempdir_in(self.vaults.path())?.keep())
    }
}

/// Where the worker's temporary files lie: in memory, as the images have it.
const IN_MEMORY: &str = "/dev/shm";

/// Services and schema; no server and no worker yet.
pub struct Vault {
    services: Services,
    state: PathBuf,
    binaries: PathBuf,
    environment: BTreeMap<String, String>,
}

impl Vault {
    /// An empty vault.
    pub async fn start(place: &Place) -> Result<Self> {
        let state = place.new_vault()?;
        let services = Services::start(&state, Purpose::Keep).await?;
        let mut environment = services.env();
        let secret = supervisor::kept_secret(&state, "SECRET_KEY")?;
        environment.insert("SECRET_KEY".to_owned(), secret);
        environment.insert("DEFAULT_QUOTA_BYTES".to_owned(), QUOTA.to_string());
        let vault = Self {
            services,
            state,
            binaries: place.binaries.clone(),
            environment,
        };
        let migrated = vault.command("server")?.arg("migrate").status().await?;
        ensure!(
            migrated.success(),
            "the migration failed ({migrated}): {}",
            vault.log("server")
        );
        vault.check_durability().await?;
        Ok(vault)
    }

    /// A comparison with a database that does not wait for its disk would be worth nothing.
    async fn check_durability(&self) -> Result<()> {
        let pool = self.app_database().await?;
        for query in ["SHOW fsync", "SHOW synchronous_commit"] {
            let value: String = sqlx::query_scalar(query).fetch_one(&pool).await?;
            ensure!(value == "on", "`{query}` says `{value}`");
        }
        pool.close().await;
        Ok(())
    }

    /// One of the variables that the programs run with.
    pub fn variable(&self, name: &str) -> Result<&str> {
        let value = self.environment.get(name);
        value
            .map(String::as_str)
            .with_context(|| format!("{name} is not set"))
    }

    /// A folder for what a measurement needs beside.
    pub fn folder(&self) -> &Path {
        &self.state
    }

    /// A program that came with PostgreSQL.
    pub fn postgres_program(&self, name: &str) -> PathBuf {
        self.services.postgres.program_path(name)
    }

    /// The database as server and worker see it.
    pub async fn app_database(&self) -> Result<PgPool> {
        Ok(PgPool::connect(&self.services.postgres.app_url()).await?)
    }

    /// The database as migrations see it.
    pub async fn migrate_database(&self) -> Result<PgPool> {
        Ok(PgPool::connect(&self.services.postgres.migrate_url()).await?)
    }

    /// Starts a server with these further variables and waits until it is healthy.
    pub async fn server(&self, variables: &[(&str, String)]) -> Result<Server> {
        let port = free_port()?;
        let mut child = self
            .command("server")?
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .spawn()?;
        let base = format!("http://127.0.0.1:{port}");
        let stranger = Client::new(base.clone(), String::new())?;
        let healthy = until("The server", HEALTHY_WITHIN, async || {
            if let Some(status) = child.try_wait()? {
                bail!("The server ended ({status}).");
            }
            Ok(stranger.get("/health").await.ok())
        });
        healthy.await.with_context(|| self.log("server"))?;
        let admin = self.admin(&base).await?;
        let client = Client::new(base, admin.token.clone())?;
        Ok(Server {
            child,
            client,
            admin,
        })
    }

    /// The vault's admin, who is made on the first call.
    async fn admin(&self, base: &str) -> Result<Admin> {
        let server = self.binaries.join("server");
        let admin = Admin::of_vault(base, &self.state, &server, &self.environment).await?;
        admin.context("the vault has another admin")
    }

    /// Starts a worker with these further variables.
    pub fn worker(&self, variables: &[(&str, String)]) -> Result<Child> {
        let mut command = self.command("worker")?;
        command.env("TMPDIR", IN_MEMORY);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        Ok(command.spawn()?)
    }

    /// How long a new server takes to its first answer.
    pub async fn time_to_answer(&self) -> Result<Duration> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let begin = Instant::now();
        let mut child = self.command("server")?.env("LISTEN", &address).spawn()?;
        while !answers(&address).await {
            ensure!(
                child.try_wait()?.is_none() && begin.elapsed() < HEALTHY_WITHIN,
                "the server did not answer: {}",
                self.log("server")
            );
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        let took = begin.elapsed();
        child.kill().await?;
        Ok(took)
    }

    /// Stops the services.
    pub async fn stop(self) -> Result<()> {
        self.services.stop().await
    }

    fn log_file(&self, name: &str) -> PathBuf {
        self.state.join(name).with_extension("log")
    }

    /// What a program had to say.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.log_file(name)).unwrap_or_default()
    }

    fn command(&self, name: &str) -> Result<Command> {
        let path = self.binaries.join(name);
        ensure!(
            path.is_file(),
            "`{}` is missing: start the bench with `make bench`, which builds it.",
            path.display()
        );
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file(name))?;
        let mut command = watched_command(path.as_os_str());
        command
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        Ok(command)
    }
}

/// Whether somebody there answers that it is alive.
async fn answers(address: &str) -> bool {
    let answer = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = "GET /livez HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        std::io::Result::Ok(text.starts_with("HTTP/1.1 200"))
    };
    answer.await.unwrap_or(false)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// A running server.
pub struct Server {
    child: Child,
    /// Calls its JSON API.
    pub client: Client,
    /// Whose token the client sends.
    pub admin: Admin,
}

impl Server {
    /// Its process id.
    pub fn id(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }

    /// Ends it at once: nothing of it is needed any more.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}
