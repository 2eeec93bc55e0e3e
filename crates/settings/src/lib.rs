//! Settings from the environment: one struct per concern, checked when the process starts.
//!
//! `.env.example` describes every variable; a test holds it against what is read here. Instead of
//! any variable, `NAME_FILE` may name a file that holds its value.

mod backup;
mod catalog;
mod check;
mod env;
mod file;
mod mail;
mod metrics;
mod passes;
mod sections;
mod slips;

pub use backup::BackupSettings;
pub use catalog::{VARIABLES, Variable};
pub use check::{Problem, Problems};
pub use env::{Env, Error};
pub use file::FileFault;
pub use mail::{Mail, MailServer};
pub use metrics::Metrics;
pub use secrecy::{ExposeSecret, SecretString};
pub use sections::{Accounts, Filing, Http, Log, Redis, Sandbox, Secrets, Store, Worker};
pub use slips::Slip;
pub use url::Url;

/// What `server` needs.
#[derive(Debug)]
pub struct ServerSettings {
    /// PostgreSQL, as the app role.
    pub database_url: SecretString,
    /// The object store.
    pub store: Store,
    /// Redis.
    pub redis: Redis,
    /// The web server.
    pub http: Http,
    /// The vault's own secret.
    pub secrets: Secrets,
    /// Filing.
    pub filing: Filing,
    /// Accounts.
    pub accounts: Accounts,
    /// Mail.
    pub mail: Mail,
    /// Logs.
    pub log: Log,
    /// Metrics.
    pub metrics: Metrics,
}

impl ServerSettings {
    /// Reads them.
    ///
    /// # Errors
    /// Names everything that is missing or not acceptable, and says what it should be.
    pub fn read(env: &Env) -> Result<Self, Problems> {
        check::read_all(env, Self::from_env)
    }

    /// Reads them, up to the first that is wrong.
    ///
    /// # Errors
    /// Names the variable that is missing or not acceptable, and says what it should be.
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            database_url: passes::database_url(env, "DATABASE_URL")?,
            store: Store::from_env(env)?,
            redis: Redis::from_env(env)?,
            http: Http::from_env(env)?,
            secrets: Secrets::from_env(env)?,
            filing: Filing::from_env(env)?,
            accounts: Accounts::from_env(env)?,
            mail: Mail::from_env(env)?,
            log: Log::from_env(env)?,
            metrics: Metrics::from_env(env, "METRICS_BIND", Some(sections::listen(env)?))?,
        })
    }
}

/// What `worker` needs.
#[derive(Debug)]
pub struct WorkerSettings {
    /// PostgreSQL, as the app role.
    pub database_url: SecretString,
    /// The object store.
    pub store: Store,
    /// Redis.
    pub redis: Redis,
    /// The vault's own secret.
    pub secrets: Secrets,
    /// Filing.
    pub filing: Filing,
    /// Accounts.
    pub accounts: Accounts,
    /// How it works.
    pub worker: Worker,
    /// Logs.
    pub log: Log,
    /// Metrics.
    pub metrics: Metrics,
}

impl WorkerSettings {
    /// Reads them.
    ///
    /// # Errors
    /// Names everything that is missing or not acceptable, and says what it should be.
    pub fn read(env: &Env) -> Result<Self, Problems> {
        check::read_all(env, Self::from_env)
    }

    /// Reads them, up to the first that is wrong.
    ///
    /// # Errors
    /// Names the variable that is missing or not acceptable, and says what it should be.
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            database_url: passes::database_url(env, "DATABASE_URL")?,
            store: Store::from_env(env)?,
            redis: Redis::from_env(env)?,
            secrets: Secrets::from_env(env)?,
            filing: Filing::from_env(env)?,
            accounts: Accounts::from_env(env)?,
            worker: Worker::from_env(env)?,
            log: Log::from_env(env)?,
            metrics: Metrics::from_env(env, "WORKER_METRICS_BIND", None)?,
        })
    }
}

/// What `server migrate` needs: the migrate role's URL and nothing else (D-13).
#[derive(Debug)]
pub struct MigrateSettings {
    /// PostgreSQL, as the migrate role.
    pub database_url: SecretString,
    /// Logs.
    pub log: Log,
}

impl MigrateSettings {
    /// Reads them.
    ///
    /// # Errors
    /// Names everything that is missing or not acceptable, and says what it should be.
    pub fn read(env: &Env) -> Result<Self, Problems> {
        check::read_all(env, Self::from_env)
    }

    /// Reads them, up to the first that is wrong.
    ///
    /// # Errors
    /// Names the variable that is missing, and says what it should be.
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            database_url: passes::database_url(env, "DATABASE_MIGRATE_URL")?,
            log: Log::from_env(env)?,
        })
    }
}
