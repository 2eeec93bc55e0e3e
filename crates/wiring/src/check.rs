//! Whether everything that the settings name is there: each service is tried once, within a time.

use crate::{Sources, build, mailer, storage};
use database::Obstacle;
use settings::{Env, ExposeSecret, Problems};
use std::{fmt, future::Future, time::Duration};
use telemetry::with_causes;

/// How long one service may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What came of trying one service.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tried {
    /// It does what it should.
    Works(&'static str),
    /// It is not set up, which is allowed.
    Left(&'static str, &'static str),
    /// It does not, for this reason; and what to do.
    Fails(&'static str, String),
}

impl Tried {
    /// Whether the vault can't work like this.
    fn fails(&self) -> bool {
        matches!(self, Self::Fails(..))
    }
}

impl fmt::Display for Tried {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Works(service) => write!(formatter, "ok      {service}"),
            Self::Left(service, why) => write!(formatter, "left    {service}: {why}"),
            Self::Fails(service, why) => write!(formatter, "FAILED  {service}: {why}"),
        }
    }
}

/// Says what is wrong with settings that were read, else tries every service that they name and says what
/// came of it. Whether the process could start and work.
pub async fn report<T>(
    env: &Env,
    settings: Result<T, Problems>,
    sources: impl for<'a> Fn(&'a T) -> Sources<'a>,
) -> bool {
    let settings = match settings {
        Ok(settings) => settings,
        Err(problems) => {
            println!("{problems}");
            return false;
        }
    };
    println!("ok      settings");
    for slip in env.slips() {
        println!("odd     {slip}");
    }
    let tried = try_services(&sources(&settings)).await;
    for service in &tried {
        println!("{service}");
    }
    !tried.iter().any(Tried::fails)
}

/// Tries every service that the settings name.
async fn try_services(sources: &Sources<'_>) -> Vec<Tried> {
    if let Err(error) = build(sources) {
        return vec![Tried::Fails("settings", format!("{error:#}."))];
    }
    let (postgres, redis, store, mail) = tokio::join!(
        within("PostgreSQL", "DATABASE_URL", postgres(sources)),
        within("Redis", "REDIS_URL", redis(sources)),
        within("object store", "MINIO_ENDPOINT", store(sources)),
        mail(sources),
    );
    vec![postgres, redis, store, mail]
}

async fn within(
    service: &'static str,
    variable: &'static str,
    trial: impl Future<Output = Result<(), String>>,
) -> Tried {
    match tokio::time::timeout(PATIENCE, trial).await {
        Ok(Ok(())) => Tried::Works(service),
        Ok(Err(why)) => Tried::Fails(service, why),
        Err(_) => Tried::Fails(
            service,
            format!(
                "no answer within {} seconds. Is {variable} right, and is it reached from here?",
                PATIENCE.as_secs()
            ),
        ),
    }
}

async fn postgres(sources: &Sources<'_>) -> Result<(), String> {
    let url = sources.database_url.expose_secret();
    let database =
        database::Database::connect_lazily(url, 1).map_err(|error| with_causes(&error))?;
    database.try_out().await.map_err(|obstacle| match obstacle {
        Obstacle::Away(why) => {
            format!("it can't be reached ({why}). Start it, or correct the host and port in DATABASE_URL.")
        }
        Obstacle::Refused(why) => {
            format!("it does not let us in ({why}). Correct user and password in DATABASE_URL, or make the role.")
        }
        Obstacle::NoDatabase => {
            "it has no such database. Make it, or correct the name in DATABASE_URL.".to_owned()
        }
        Obstacle::NoSchema => {
            "the database is empty. Run `server migrate` with DATABASE_MIGRATE_URL.".to_owned()
        }
        Obstacle::Other(why) => format!("{why}. Its own log says more."),
    })
}

async fn redis(sources: &Sources<'_>) -> Result<(), String> {
    let url = sources.redis.url.expose_secret();
    let delivery = queue::Delivery::connect_lazily(url, &sources.redis.prefix)
        .map_err(|error| with_causes(&error))?;
    delivery.ping().await.map_err(|error| {
        format!(
            "{}. Start it, or correct host, port and password in REDIS_URL.",
            with_causes(&error)
        )
    })
}

async fn store(sources: &Sources<'_>) -> Result<(), String> {
    let store = storage(sources.store).map_err(|error| format!("{error:#}."))?;
    store.health().await.map_err(|error| match &error {
        storage::Error::NotFound => {
            "it has no such bucket. Make it, or correct MINIO_BUCKET.".to_owned()
        }
        storage::Error::Refused(_) => format!(
            "{}. Correct MINIO_ACCESS_KEY, MINIO_SECRET_KEY and MINIO_REGION, or let the key into the bucket.",
            with_causes(&error)
        ),
        _ => format!(
            "{}. Start it, or correct MINIO_ENDPOINT.",
            with_causes(&error)
        ),
    })
}

async fn mail(sources: &Sources<'_>) -> Tried {
    const MAIL: &str = "mail server";
    if sources.mail.server.is_none() {
        return Tried::Left(MAIL, "no SMTP_URL is set, so this process sends no mail.");
    }
    let trial = async {
        let mailer = mailer(sources.mail).map_err(|error| format!("{error:#}."))?;
        mailer.try_out().await.map_err(|error| {
            format!(
                "{}. Start it, or correct SMTP_URL: host, port, user, password, `?tls=required`.",
                with_causes(&error)
            )
        })
    };
    within(MAIL, "SMTP_URL", trial).await
}
