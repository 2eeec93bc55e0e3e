//! What the composition roots of `server` and `worker` share: settings in, adapters chosen, services out.
//! Nothing else builds services from settings.

mod ask;
mod check;
mod manager;
mod metrics;
mod signals;

pub use ask::{Answer, ask};
pub use check::report;
pub use manager::{has_manager, tell_ready};
pub use metrics::show_metrics;
pub use signals::stop_signal;

use anyhow::{Context, Result};
use auth::{AccessTokens, Passkeys, Passwords};
use database::Database;
use domain::Clock;
use limiter::Limiter;
use queue::{Delivery, Events};
use services::{AccountParts, Endpoints, Parts, SecretKeys, Services};
use settings::{ExposeSecret, Filing, Redis, SecretString, Secrets, Store};
use std::{io::IsTerminal, sync::Arc};
use storage::{MinioConfig, StorageBackend};

/// One TLS implementation for the whole process. Two in the graph make rustls panic when it must choose.
pub fn install_tls() {
    // An error means that it is installed already.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Starts logging as the settings say.
pub fn start_logs(log: &settings::Log) {
    let json = log.json.unwrap_or_else(|| !std::io::stderr().is_terminal());
    let format = if json {
        telemetry::Format::Json
    } else {
        telemetry::Format::Text
    };
    telemetry::init(&log.filter, format);
}

/// Says in the log which names in the environment are nearly those of settings.
pub fn warn_of_slips(env: &settings::Env) {
    for slip in env.slips() {
        tracing::warn!("{slip}");
    }
}

/// What the services are built from.
pub struct Sources<'a> {
    /// PostgreSQL, as the app role.
    pub database_url: &'a SecretString,
    /// The most connections to PostgreSQL.
    pub max_connections: u32,
    /// The object store.
    pub store: &'a Store,
    /// Redis.
    pub redis: &'a Redis,
    /// The vault's own secret.
    pub secrets: &'a Secrets,
    /// The filing providers.
    pub filing: &'a Filing,
    /// Accounts.
    pub accounts: &'a settings::Accounts,
    /// Mail.
    pub mail: &'a settings::Mail,
    /// The largest file that may be uploaded, in bytes.
    pub max_upload_bytes: u64,
}

/// The services, and the parts that a binary's own loops need.
pub struct Built {
    /// Every use case.
    pub services: Services,
    /// PostgreSQL.
    pub database: Database,
    /// Where jobs are sent.
    pub delivery: Delivery,
    /// Where news of documents is heard.
    pub events: Events,
}

/// Builds the services. Connects to nothing yet: a process can start while a part is away.
///
/// # Errors
/// When a setting makes no sense.
pub fn build(sources: &Sources<'_>) -> Result<Built> {
    let database = Database::connect_lazily(
        sources.database_url.expose_secret(),
        sources.max_connections,
    )
    .context("DATABASE_URL is not a PostgreSQL URL")?;
    let delivery =
        Delivery::connect_lazily(sources.redis.url.expose_secret(), &sources.redis.prefix)
            .context("REDIS_URL is not a Redis URL")?;
    let events = Events::new(delivery.clone(), &sources.redis.prefix);
    let services = Services::new(Parts {
        database: database.clone(),
        storage: storage(sources.store)?,
        delivery: delivery.clone(),
        events: events.clone(),
        endpoints: endpoints(sources.filing),
        secret_key: SecretKeys {
            current: sources.secrets.secret_key.clone(),
            previous: sources.secrets.previous_secret_key.clone(),
        },
        max_upload_bytes: sources.max_upload_bytes,
        accounts: accounts(sources)?,
    });
    Ok(Built {
        services,
        database,
        delivery,
        events,
    })
}

fn accounts(sources: &Sources<'_>) -> Result<AccountParts> {
    let settings = sources.accounts;
    let public_url = settings.public_url.to_string();
    let access_tokens = AccessTokens::new(
        &sources.secrets.secret_key,
        sources.secrets.previous_secret_key.as_ref(),
        public_url.clone(),
    )
    .context("no key for access tokens can be made from SECRET_KEY")?;
    Ok(AccountParts {
        passwords: Passwords::new(),
        passkeys: Passkeys::for_public_url(&public_url),
        access_tokens,
        limiter: Limiter::connect_lazily(sources.redis.url.expose_secret(), &sources.redis.prefix)
            .context("REDIS_URL is not a Redis URL")?,
        clock: Clock::system(),
        registration: settings.registration,
        default_quota_bytes: settings.default_quota_bytes,
        public_url,
        mailer: mailer(sources.mail)?,
        sends_mail: sources.mail.server.is_some(),
    })
}

fn mailer(settings: &settings::Mail) -> Result<Arc<dyn mail::Mailer>> {
    let server = settings.server.clone();
    let (smtp_url, from) = server.map(|server| (server.url, server.from)).unzip();
    mail::build(mail::Config {
        smtp_url,
        from: from.unwrap_or_default(),
    })
    .context("SMTP_URL or MAIL_FROM makes no sense")
}

/// The object store, as the settings say.
///
/// # Errors
/// When they make no sense.
pub fn storage(store: &Store) -> Result<Arc<dyn StorageBackend>> {
    let endpoint = |url: &settings::Url| url.as_str().trim_end_matches('/').to_owned();
    storage::build(storage::Config::Minio(MinioConfig {
        endpoint: endpoint(&store.endpoint),
        public_endpoint: store.public_endpoint.as_ref().map(endpoint),
        region: store.region.clone(),
        bucket: store.bucket.clone(),
        access_key: store.access_key.expose_secret().to_owned(),
        secret_key: store.secret_key.expose_secret().to_owned(),
    }))
    .context("the object store's settings make no sense")
}

fn endpoints(filing: &Filing) -> Endpoints {
    Endpoints {
        anthropic_url: filing.anthropic_url.to_string(),
        openai_url: filing.openai_url.to_string(),
        ollama_url: filing.ollama_url.to_string(),
        lmstudio_url: filing.lmstudio_url.to_string(),
        anthropic_api_key: filing.anthropic_api_key.clone(),
        openai_api_key: filing.openai_api_key.clone(),
        timeout: filing.timeout,
    }
}

/// Brings the schema up to date, as the migrate role.
///
/// # Errors
/// When the database can't be reached, the role lacks the right, or an applied migration was changed.
pub async fn migrate(url: &str) -> Result<()> {
    Database::migrate(url)
        .await
        .context("the schema could not be brought up to date")
}
