//! The sections: one struct per concern.

use crate::{Env, Error, passes};
use domain::Registration;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use url::Url;

/// The object store (D-15).
#[derive(Clone, Debug)]
pub struct Store {
    /// `http://host:port`.
    pub endpoint: Url,
    /// Where people's browsers reach it: then they download from there. Otherwise through the server.
    pub public_endpoint: Option<Url>,
    /// The region that signatures name.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// A key that may touch that bucket only.
    pub access_key: SecretString,
    /// Its secret.
    pub secret_key: SecretString,
}

impl Store {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            endpoint: http_url("MINIO_ENDPOINT", &env.required("MINIO_ENDPOINT")?)?,
            public_endpoint: env
                .optional("MINIO_PUBLIC_ENDPOINT")?
                .map(|url| http_url("MINIO_PUBLIC_ENDPOINT", &url))
                .transpose()?,
            region: env.word(
                "MINIO_REGION",
                "us-east-1",
                passes::is_word,
                "a region's name",
            )?,
            bucket: env.word(
                "MINIO_BUCKET",
                "docuvault",
                passes::is_bucket,
                "a bucket's name: 3 to 63 of a-z, 0-9, `-` and `.`",
            )?,
            access_key: key(env, "MINIO_ACCESS_KEY")?,
            secret_key: key(env, "MINIO_SECRET_KEY")?,
        })
    }
}

const KEY: &str = "a key without spaces";

fn key(env: &Env, name: &str) -> Result<SecretString, Error> {
    env.secret_that(name, passes::is_key, KEY)
}

fn optional_key(env: &Env, name: &str) -> Result<Option<SecretString>, Error> {
    env.optional_secret_that(name, passes::is_key, KEY)
}

/// Redis (D-16).
#[derive(Clone, Debug)]
pub struct Redis {
    /// `redis://:password@host:port/`.
    pub url: SecretString,
    /// What every key begins with, so that several vaults can share a server.
    pub prefix: String,
}

impl Redis {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            url: env.secret_that(
                "REDIS_URL",
                |url| passes::has_scheme(url, &["redis", "rediss", "redis+unix", "unix"]),
                &passes::address("redis://:password@host:6379/"),
            )?,
            prefix: env.word(
                "REDIS_PREFIX",
                "docuvault",
                passes::is_word,
                "a word of at most 64 letters, digits, `-` and `_`",
            )?,
        })
    }
}

/// The web server.
#[derive(Clone, Debug)]
pub struct Http {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where people reach it.
    pub public_url: Url,
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins of other web apps that may call the JSON API.
    pub cors_origins: Vec<String>,
    /// The largest file that may be uploaded.
    pub max_upload_bytes: u64,
}

impl Http {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            listen: listen(env)?,
            public_url: public_url(env)?,
            trusted_proxies: networks(env, "TRUSTED_PROXIES")?,
            cors_origins: origins(env)?,
            max_upload_bytes: max_upload_bytes(env)?,
        })
    }
}

pub(crate) fn listen(env: &Env) -> Result<SocketAddr, Error> {
    env.parsed(
        "LISTEN",
        SocketAddr::from(([127, 0, 0, 1], 8000)),
        "an address and port such as 127.0.0.1:8000",
    )
}

fn public_url(env: &Env) -> Result<Url, Error> {
    let listen = listen(env)?;
    let url = match env.optional("PUBLIC_URL")? {
        Some(url) => http_url("PUBLIC_URL", &url)?,
        // Links, and the check of where a form comes from, would name an address that nobody can enter.
        None if listen.ip().is_unspecified() => {
            return Err(Error::Missing("PUBLIC_URL".to_owned()));
        }
        None => http_url("PUBLIC_URL", &format!("http://{listen}/"))?,
    };
    match url.path() == "/" && url.query().is_none() {
        true => Ok(url),
        false => Err(Error::unacceptable(
            "PUBLIC_URL",
            "an address without a path, such as https://vault.example.org/",
        )),
    }
}

fn networks(env: &Env, name: &str) -> Result<Vec<IpNet>, Error> {
    env.optional(name)?
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|network| !network.is_empty())
        .map(|network| {
            network
                .parse()
                .or_else(|_| network.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| Error::Unacceptable {
                    name: name.to_owned(),
                    expected: "addresses or networks such as 10.0.0.0/8, separated by commas"
                        .to_owned(),
                })
        })
        .collect()
}

/// Accounts: who gets one, and how much room it has.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// Who may make an account.
    pub registration: Registration,
    /// How many bytes the documents of a new account may take.
    pub default_quota_bytes: i64,
    /// Where people reach the vault: what links in mails begin with.
    pub public_url: Url,
}

impl Accounts {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        let registration = env.optional("REGISTRATION")?.unwrap_or("invite".to_owned());
        Ok(Self {
            registration: Registration::parse(registration.trim()).ok_or_else(|| {
                Error::Unacceptable {
                    name: "REGISTRATION".to_owned(),
                    expected: "open, invite or closed".to_owned(),
                }
            })?,
            default_quota_bytes: env.number(
                "DEFAULT_QUOTA_BYTES",
                104_857_600_i64,
                0..=i64::MAX,
                "a number of bytes",
            )?,
            public_url: public_url(env)?,
        })
    }
}

/// 512 MiB unless said otherwise.
fn max_upload_bytes(env: &Env) -> Result<u64, Error> {
    env.number(
        "MAX_UPLOAD_BYTES",
        512 * 1024 * 1024,
        1..=u64::MAX,
        "a number of bytes, at least 1",
    )
}

fn origins(env: &Env) -> Result<Vec<String>, Error> {
    env.optional("CORS_ORIGINS")?
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|origin| !origin.is_empty())
        .map(|origin| {
            http_url("CORS_ORIGINS", origin).map(|url| url.origin().ascii_serialization())
        })
        .collect()
}

fn http_url(name: &str, value: &str) -> Result<Url, Error> {
    Url::parse(value.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| Error::Unacceptable {
            name: name.to_owned(),
            expected: "an address such as http://localhost:9000".to_owned(),
        })
}

/// The vault's own secret.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Every other key is derived from it.
    pub secret_key: SecretString,
    /// The one before: people who signed in under it stay signed in.
    pub previous_secret_key: Option<SecretString>,
}

impl Secrets {
    /// Reads it.
    ///
    /// # Errors
    /// When one is shorter than 32 characters, or both are the same, too.
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        let long = |key: &str| key.len() >= 32;
        let expected = "at least 32 random characters, for example from `openssl rand -hex 32`";
        let secret_key = env.secret_that("SECRET_KEY", long, expected)?;
        let previous_secret_key =
            env.optional_secret_that("SECRET_KEY_PREVIOUS", long, expected)?;
        let is_the_same = previous_secret_key
            .as_ref()
            .is_some_and(|previous| previous.expose_secret() == secret_key.expose_secret());
        match is_the_same {
            true => Err(Error::unacceptable(
                "SECRET_KEY_PREVIOUS",
                "the SECRET_KEY before this one, not the same again, or nothing",
            )),
            false => Ok(Self {
                secret_key,
                previous_secret_key,
            }),
        }
    }
}

/// Filing: keys and addresses of the providers.
#[derive(Clone, Debug)]
pub struct Filing {
    /// Used when no key was set in the vault's own settings.
    pub anthropic_api_key: Option<SecretString>,
    /// Used when no key was set in the vault's own settings.
    pub openai_api_key: Option<SecretString>,
    /// Where Anthropic's API is reached.
    pub anthropic_url: Url,
    /// Where OpenAI's API is reached.
    pub openai_url: Url,
    /// Where Ollama is reached.
    pub ollama_url: Url,
    /// Where LM Studio is reached.
    pub lmstudio_url: Url,
    /// How long a provider may take for one answer.
    pub timeout: Duration,
}

impl Filing {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        let url = |name: &str, default: &str| {
            http_url(
                name,
                &env.optional(name)?.unwrap_or_else(|| default.to_owned()),
            )
        };
        Ok(Self {
            anthropic_api_key: optional_key(env, "ANTHROPIC_API_KEY")?,
            openai_api_key: optional_key(env, "OPENAI_API_KEY")?,
            anthropic_url: url("ANTHROPIC_URL", "https://api.anthropic.com/v1/")?,
            openai_url: url("OPENAI_URL", "https://api.openai.com/v1/")?,
            ollama_url: url("OLLAMA_URL", "http://localhost:11434/")?,
            lmstudio_url: url("LMSTUDIO_URL", "http://localhost:1234/v1/")?,
            timeout: seconds(env, "PROVIDER_TIMEOUT_SECONDS", 60)?,
        })
    }
}

/// How the worker works.
#[derive(Clone, Debug)]
pub struct Worker {
    /// How many jobs it works on at once.
    pub concurrency: usize,
    /// How long a job stays its own without a sign of life.
    pub lease: Duration,
    /// How often jobs that seem lost are looked for.
    pub reconcile_every: Duration,
    /// How often rows and store are compared; `None` for never by itself.
    pub scrub_every: Option<Duration>,
    /// Bounds for what reads strangers' files.
    pub sandbox: Sandbox,
    /// The largest file that may have been uploaded.
    pub max_upload_bytes: u64,
}

impl Worker {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            concurrency: env.number(
                "WORKER_CONCURRENCY",
                2,
                1..=64,
                "a number of jobs, 1 to 64",
            )?,
            lease: seconds(env, "WORKER_LEASE_SECONDS", 30)?,
            reconcile_every: seconds(env, "WORKER_RECONCILE_SECONDS", 5)?,
            scrub_every: scrub_every(env)?,
            sandbox: Sandbox::from_env(env)?,
            max_upload_bytes: max_upload_bytes(env)?,
        })
    }
}

/// At most a day: nothing that is counted in seconds takes longer, and every sum stays in bounds.
fn seconds(env: &Env, name: &str, default: u64) -> Result<Duration, Error> {
    env.number(
        name,
        default,
        1..=86_400,
        "a number of seconds, 1 to 86400 (a day)",
    )
    .map(Duration::from_secs)
}

/// Once a week unless said otherwise.
fn scrub_every(env: &Env) -> Result<Option<Duration>, Error> {
    let hours: u32 = env.parsed("SCRUB_HOURS", 168, "a number of hours, or 0 for never")?;
    Ok((hours > 0).then(|| Duration::from_secs(u64::from(hours) * 3_600)))
}

/// Bounds for the child that reads strangers' files.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// Most address space, in bytes.
    pub memory_bytes: u64,
    /// Most time for one file.
    pub wall: Duration,
    /// Languages that text recognition expects, as Tesseract names them.
    pub ocr_languages: String,
    /// Whether nothing is read where the kernel lacks one of the walls around the child.
    pub all_walls: bool,
}

impl Sandbox {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        let ocr_languages = env.parsed(
            "OCR_LANGUAGES",
            "eng+deu".to_owned(),
            "languages such as eng+deu",
        )?;
        if !ocr_languages
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '_'))
        {
            return Err(Error::Unacceptable {
                name: "OCR_LANGUAGES".to_owned(),
                expected: "languages such as eng+deu".to_owned(),
            });
        }
        let mebibytes: u64 = env.number(
            "EXTRACTION_MEMORY_MIB",
            2048,
            64..=u64::MAX,
            "a number of mebibytes, at least 64",
        )?;
        Ok(Self {
            memory_bytes: mebibytes.saturating_mul(1024 * 1024),
            wall: seconds(env, "EXTRACTION_SECONDS", 300)?,
            ocr_languages,
            all_walls: all_walls(env)?,
        })
    }
}

/// Containers and older kernels can't always give every wall, hence the default.
fn all_walls(env: &Env) -> Result<bool, Error> {
    let is_known = |word: &str| matches!(word, "required" | "if-possible");
    let word = env.word(
        "SANDBOX",
        "if-possible",
        is_known,
        "required or if-possible",
    )?;
    Ok(word == "required")
}

/// Logs.
#[derive(Clone, Debug)]
pub struct Log {
    /// Which events are logged, as `EnvFilter` directives.
    pub filter: String,
    /// Whether lines are JSON; where nothing is said, they are unless the log goes to a terminal.
    pub json: Option<bool>,
}

impl Log {
    /// Reads it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn from_env(env: &Env) -> Result<Self, Error> {
        Ok(Self {
            filter: env.word(
                "LOG",
                "info",
                telemetry::is_filter,
                "error, warn, info, debug, or directives such as info,sqlx=warn",
            )?,
            json: env
                .optional("LOG_JSON")?
                .map(|value| {
                    let value = value.trim().parse();
                    value.map_err(|_| Error::unacceptable("LOG_JSON", "true or false, or nothing"))
                })
                .transpose()?,
        })
    }
}
