//! DocuVault on this machine, until Ctrl-C.

use std::collections::BTreeMap;
use std::fs::{File, Permissions, TryLockError};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use supervisor::{
    Admin, Program, Purpose, Running, Services, kept_secret, lines, until, write_private,
};

use crate::signals::Signals;
use crate::{environment, samples};

const HEALTHY_WITHIN: Duration = Duration::from_secs(60);

/// What only migrations and the first start may know.
const NOT_FOR_SERVER_AND_WORKER: [&str; 3] = [
    "DATABASE_MIGRATE_URL",
    "MINIO_ROOT_USER",
    "MINIO_ROOT_PASSWORD",
];

/// The arguments of `supervisor run`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Where everything is kept. Removing it resets everything.
    #[arg(long, default_value = ".dev")]
    state: PathBuf,
    /// The folder of the binaries `server` and `worker`.
    #[arg(long)]
    binaries: PathBuf,
    /// Fill an empty vault with the files of this folder.
    #[arg(long)]
    samples: Option<PathBuf>,
    /// The port that the server listens on.
    #[arg(long, env = "PORT", default_value_t = 8000)]
    port: u16,
}

/// Starts everything, waits for a signal, stops everything.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let mut signals = Signals::listen()?;
    check_port(arguments.port)?;
    let state = private_folder(&arguments.state)?;
    let _lock = lock(&state)?;
    let logs = state.join("logs");
    fresh_folder(&logs)?;

    let choice = Services::choose(&state).await?;
    println!("Starting PostgreSQL, Redis and the S3 server ({choice}).");
    // A signal during the start waits for its end, seconds later: half a start is harder to undo.
    let mut services = Services::start_with(choice, &state, Purpose::Keep).await?;
    let mut vault = Vault {
        state: state.clone(),
        environment: whole_environment(&arguments, &state, &services)?,
        binaries: arguments.binaries,
        logs,
        port: arguments.port,
        samples: arguments.samples,
        programs: Vec::new(),
    };
    let end = tokio::select! {
        end = vault.serve(&mut services) => end,
        _ = signals.next() => {
            println!("Stopping.");
            Ok(())
        }
    };
    let stopped = vault.stop().await;
    services.stop().await.and(stopped)?;
    end.map(|()| ExitCode::SUCCESS)
}

fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
            "Port {port} is in use by another program. Stop that one, or choose another port: \
             PORT=8080 make run"
        ),
        Err(error) => bail!("Port {port} can't be used: {error}. Choose another with PORT."),
    }
}

/// Held as long as the file is open, so no crash can leave it behind.
fn lock(state: &Path) -> Result<File> {
    let file = File::create(state.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "DocuVault is already running with the data in {}. Stop it first.",
            state.display()
        ),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Documents lie in it: other users of the machine have no business there.
fn private_folder(folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    Ok(folder.canonicalize()?)
}

fn fresh_folder(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    std::fs::create_dir(folder)?;
    Ok(())
}

fn whole_environment(
    arguments: &Arguments,
    state: &Path,
    services: &Services,
) -> Result<BTreeMap<String, String>> {
    let mut environment = services.env();
    let own = [
        ("SECRET_KEY", kept_secret(state, "SECRET_KEY")?),
        ("LISTEN", format!("127.0.0.1:{}", arguments.port)),
        ("PUBLIC_URL", public_url(arguments.port)),
        // For people, though it goes to a file.
        ("LOG_JSON", "false".to_owned()),
    ];
    environment.extend(own.map(|(key, value)| (key.to_owned(), value)));
    environment.extend(environment::of_the_site(&arguments.binaries)?);
    write_private(&state.join("env"), &lines(&environment))?;
    Ok(environment)
}

/// By its name: browsers know no passkeys at an IP address.
fn public_url(port: u16) -> String {
    format!("http://localhost:{port}")
}

fn for_server_and_worker(all: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut environment = all.clone();
    environment.retain(|key, _| !NOT_FOR_SERVER_AND_WORKER.contains(&key.as_str()));
    environment
}

/// Server and worker.
struct Vault {
    state: PathBuf,
    environment: BTreeMap<String, String>,
    binaries: PathBuf,
    logs: PathBuf,
    port: u16,
    samples: Option<PathBuf>,
    programs: Vec<Running>,
}

impl Vault {
    /// Returns only when something ended that should not have.
    async fn serve(&mut self, services: &mut Services) -> Result<()> {
        self.migrate().await?;
        self.start("server")?;
        self.start("worker")?;
        self.wait_until_healthy().await?;
        let admin = self.first_admin().await?;
        println!("DocuVault is at {}", public_url(self.port));
        if let Some(admin) = admin.as_ref().filter(|admin| admin.is_new) {
            println!(
                "Its admin is {} with the password {}",
                admin.email, admin.password
            );
            println!("Both are in {} as well.", self.env_file().display());
        }
        println!("Logs are in {}", self.logs.display());
        println!("ready");
        let filling = self.fill(admin.map(|admin| admin.token));
        tokio::select! {
            error = unexpected_end(&mut self.programs, services) => return Err(error),
            () = filling => {}
        }
        Err(unexpected_end(&mut self.programs, services).await)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn program(&self, name: &'static str, log: &str) -> Program {
        let log = self.logs.join(log).with_extension("log");
        let mut program = Program::new(name, self.binaries.join(name), log);
        program.environment = self.environment.clone();
        program
    }

    async fn migrate(&self) -> Result<()> {
        let mut migration = self.program("server", "migrate");
        migration.arguments = vec!["migrate".into()];
        let mut running = migration.start()?;
        let status = running.wait().await?;
        if status.success() {
            return Ok(());
        }
        Err(running
            .report(status)
            .context("The database could not be migrated"))
    }

    fn start(&mut self, name: &'static str) -> Result<()> {
        let mut program = self.program(name, name);
        program.environment = for_server_and_worker(&program.environment);
        program.withheld = NOT_FOR_SERVER_AND_WORKER.to_vec();
        self.programs.push(program.start()?);
        Ok(())
    }

    async fn wait_until_healthy(&mut self) -> Result<()> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let health = format!("{}/health", self.url());
        let mut last = anyhow!("it did not answer");
        let healthy = until("The server", HEALTHY_WITHIN, async || {
            for program in &mut self.programs {
                if let Some(status) = program.ended()? {
                    return Err(program.report(status));
                }
            }
            match client.get(&health).send().await {
                Ok(answer) if answer.status().is_success() => return Ok(Some(())),
                Ok(answer) => last = anyhow!("{health} says: {}", answer.text().await?),
                Err(_) => {}
            }
            Ok(None)
        })
        .await;
        healthy.with_context(|| last.to_string())
    }

    /// The vault's own admin, written to `env` for whoever scripts it.
    async fn first_admin(&self) -> Result<Option<Admin>> {
        let server = self.binaries.join("server");
        let environment = for_server_and_worker(&self.environment);
        let admin = Admin::of_vault(&self.url(), &self.state, &server, &environment)
            .await
            .context("The vault's first admin could not be made.")?;
        let mut shown = self.environment.clone();
        shown.extend(admin.iter().flat_map(Admin::variables));
        write_private(&self.env_file(), &lines(&shown))?;
        Ok(admin)
    }

    fn env_file(&self) -> PathBuf {
        self.state.join("env")
    }

    /// Samples are a convenience: what goes wrong with them is told and ends nothing.
    fn fill(&self, token: Option<String>) -> impl Future<Output = ()> + use<> {
        let folder = self.samples.clone();
        let url = self.url();
        async move {
            if let (Some(folder), Some(token)) = (folder, token)
                && let Err(error) = samples::fill(&url, &token, &folder).await
            {
                println!("The sample documents are not all there: {error:#}");
            }
        }
    }

    /// The server first: nothing new comes in while the worker finishes.
    async fn stop(&mut self) -> Result<()> {
        let mut result = Ok(());
        for program in self.programs.drain(..) {
            result = program.stop().await.and(result);
        }
        result
    }
}

async fn unexpected_end(programs: &mut [Running], services: &mut Services) -> anyhow::Error {
    let [server, worker] = programs else {
        return anyhow!("server and worker were not both started");
    };
    tokio::select! {
        error = server.unexpected_end() => error,
        error = worker.unexpected_end() => error,
        error = services.unexpected_end() => error,
    }
}
