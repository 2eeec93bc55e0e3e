//! A PostgreSQL cluster of our own: own folder, own port, never the system's.

mod installation;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::Purpose;
use crate::account::Account;
use crate::kept::{Kept, write_private};
use crate::process::{Program, Running, command};
use crate::waiting::{until, until_gone};
use installation::Installation;

const READY_WITHIN: Duration = Duration::from_secs(30);
const ROLES: &str = include_str!("../../../deploy/postgres/roles.sql");

/// A running cluster, with the database `docuvault` and its two roles in it.
pub struct Postgres {
    installation: Installation,
    account: Account,
    folder: PathBuf,
    port: u16,
    purpose: Purpose,
    passwords: Passwords,
    running: Option<Running>,
}

struct Passwords {
    superuser: String,
    app: String,
    migrate: String,
}

impl Postgres {
    /// Starts a cluster in this folder, made on the first call, and waits until it answers.
    pub async fn start(folder: &Path, purpose: Purpose) -> Result<Self> {
        let mut kept = Kept::in_folder(folder)?;
        let mut postgres = Self {
            installation: Installation::find().await?,
            account: Account::other_than_root()?,
            folder: folder.to_owned(),
            port: 0,
            purpose,
            passwords: Passwords {
                superuser: kept.secret("SUPERUSER_PASSWORD", 24)?,
                app: kept.secret("APP_PASSWORD", 24)?,
                migrate: kept.secret("MIGRATE_PASSWORD", 24)?,
            },
            running: None,
        };
        postgres.wait_for_the_one_before().await?;
        postgres.port = kept.port()?;
        if postgres.data().join("PG_VERSION").exists() {
            postgres.check_version()?;
        } else {
            postgres.create_cluster().await?;
        }
        postgres.start_again().await?;
        postgres.define_roles().await?;
        Ok(postgres)
    }

    /// Starts it after [`stop`](Self::stop), on the same port with the same data.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let mut running = self.program().start()?;
        let port = self.port;
        until("PostgreSQL", READY_WITHIN, async || {
            if let Some(status) = running.ended()? {
                return Err(running.report(status));
            }
            // Cheaper than a psql that can't connect yet.
            if TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                return Ok(None);
            }
            Ok(self.psql("SELECT 1", &[]).await.ok())
        })
        .await?;
        self.running = Some(running);
        Ok(())
    }

    /// Ends every connection and stops.
    pub async fn stop(&mut self) -> Result<()> {
        match self.running.take() {
            Some(running) => running.stop().await,
            None => Ok(()),
        }
    }

    /// For server and worker: rows only.
    pub fn app_url(&self) -> String {
        self.url("docuvault_app", &self.passwords.app, "docuvault")
    }

    /// For migrations.
    pub fn migrate_url(&self) -> String {
        self.url("docuvault_migrate", &self.passwords.migrate, "docuvault")
    }

    /// A program of the same installation, such as `pgbench`.
    pub fn program_path(&self, name: &str) -> PathBuf {
        self.installation.command(name)
    }

    /// The superuser, for tests that make databases. Never for the application.
    pub fn admin_url(&self) -> String {
        self.url("postgres", &self.passwords.superuser, "postgres")
    }

    fn url(&self, user: &str, password: &str, database: &str) -> String {
        format!(
            "postgres://{user}:{password}@127.0.0.1:{}/{database}",
            self.port
        )
    }

    /// Completes only when the cluster ends without having been stopped.
    pub async fn unexpected_end(&mut self) -> anyhow::Error {
        match &mut self.running {
            Some(running) => running.unexpected_end().await,
            None => std::future::pending().await,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self) -> Program {
        let mut settings = vec![
            "listen_addresses=127.0.0.1".to_owned(),
            // A socket's path may have 107 bytes at most; a checkout's may have more.
            "unix_socket_directories=".to_owned(),
            format!("port={}", self.port),
            "max_connections=300".to_owned(),
        ];
        if self.purpose == Purpose::Throwaway {
            settings.extend(
                [
                    "fsync=off",
                    "synchronous_commit=off",
                    "full_page_writes=off",
                ]
                .map(String::from),
            );
        }
        let mut arguments: Vec<OsString> = vec!["-D".into(), self.data().into()];
        for setting in settings {
            arguments.extend(["-c".into(), setting.into()]);
        }
        Program {
            arguments,
            account: self.account.clone(),
            // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one.
            stop_with: Signal::INT,
            drop_with: Signal::QUIT,
            ..Program::new(
                "PostgreSQL",
                self.installation.command("postgres"),
                self.folder.join("log"),
            )
        }
    }

    /// After its supervisor was killed, a cluster needs a moment to write its data and go.
    async fn wait_for_the_one_before(&self) -> Result<()> {
        let Ok(text) = std::fs::read_to_string(self.data().join("postmaster.pid")) else {
            return Ok(());
        };
        let pid = text.lines().next().unwrap_or_default();
        let is_postgres = |name: &str| name == "postgres";
        until_gone(
            "The PostgreSQL of an earlier start",
            pid,
            READY_WITHIN,
            is_postgres,
        )
        .await
        .with_context(|| format!("`{}` is still in use", self.data().display()))
    }

    fn check_version(&self) -> Result<()> {
        let made_by = std::fs::read_to_string(self.data().join("PG_VERSION"))?;
        let installed = self.installation.major().to_string();
        if made_by.trim() == installed {
            return Ok(());
        }
        bail!(
            "The data in `{}` was made by PostgreSQL {}, and PostgreSQL {installed} is what was \
             found. Install that version, or remove the folder to start empty.",
            self.data().display(),
            made_by.trim(),
        );
    }

    /// In a folder with another name first: what is called `data` is whole.
    async fn create_cluster(&self) -> Result<()> {
        let new = self.folder.join("data.new");
        if new.exists() {
            std::fs::remove_dir_all(&new)?;
        }
        std::fs::create_dir(&new)?;
        self.account.own(&new)?;
        let password = self.folder.join("password");
        write_private(&password, &self.passwords.superuser)?;
        let mut initdb = command(
            &self.installation.command("initdb"),
            &self.account,
            Signal::TERM,
        );
        initdb
            .args(["--username=postgres", "--auth=scram-sha-256"])
            .args(["--encoding=UTF8", "--locale=C.UTF-8"])
            .arg("--pgdata")
            .arg(&new)
            .arg(format!("--pwfile={}", password.display()));
        if self.purpose == Purpose::Throwaway {
            initdb.arg("--no-sync");
        }
        // A current folder that the other user can't enter would make it complain.
        let output = initdb.current_dir("/").kill_on_drop(true).output().await;
        std::fs::remove_file(&password)?;
        check("initdb", &output.context("initdb could not be started")?)?;
        std::fs::rename(new, self.data())?;
        Ok(())
    }

    /// Every time, so that a change to the definition reaches clusters that are there already.
    async fn define_roles(&self) -> Result<()> {
        let passwords = [
            ("POSTGRES_APP_PASSWORD", self.passwords.app.as_str()),
            ("POSTGRES_MIGRATE_PASSWORD", self.passwords.migrate.as_str()),
        ];
        self.psql(ROLES, &passwords)
            .await
            .context("the database roles could not be made")?;
        if self.purpose == Purpose::Throwaway {
            self.psql("ALTER ROLE docuvault_migrate CREATEDB", &[])
                .await?;
        }
        Ok(())
    }

    async fn psql(&self, sql: &str, environment: &[(&str, &str)]) -> Result<()> {
        let mut psql = Command::new(self.installation.command("psql"))
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
            .args([
                "--host=127.0.0.1",
                "--username=postgres",
                "--dbname=postgres",
            ])
            .arg(format!("--port={}", self.port))
            .env("PGPASSWORD", &self.passwords.superuser)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("psql could not be started")?;
        if let Some(mut stdin) = psql.stdin.take() {
            // If psql went early, its own message says why.
            let _ = stdin.write_all(sql.as_bytes()).await;
        }
        check("psql", &psql.wait_with_output().await?)
    }
}

fn check(name: &str, output: &std::process::Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    bail!(
        "{name} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
}
