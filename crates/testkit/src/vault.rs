//! A whole vault in the test's own process: the server on a free port, workers when asked for.

use crate::{
    Client, FaultyStore, Process, Relay, TestDatabase, binary, bucket::TestBucket, env, people,
};
use services::Services;
use settings::{Env, ServerSettings, WorkerSettings};
use std::collections::BTreeMap;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How a vault differs from the usual.
#[derive(Default)]
pub struct Setup {
    variables: BTreeMap<String, String>,
    /// What the vault alone is told, and the test not: it looks past what stands between.
    behind: BTreeMap<String, String>,
    postgres_port: Option<u16>,
    database: Option<TestDatabase>,
    empty: bool,
    named: bool,
}

impl Setup {
    /// Leaves the vault without any account.
    #[must_use]
    pub fn without_accounts(mut self) -> Self {
        self.empty = true;
        self
    }

    /// Has people reach the vault by a name, `localhost`: browsers know no passkeys where there is none.
    #[must_use]
    pub fn at_a_name(mut self) -> Self {
        self.named = true;
        self
    }

    /// Sets a variable of `.env.example`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Puts this before the vault's object store. The test itself looks past it.
    #[must_use]
    pub fn storing_through(mut self, store: &FaultyStore) -> Self {
        self.behind
            .insert("MINIO_ENDPOINT".to_owned(), store.endpoint());
        self
    }

    /// Puts this before the vault's database. The test itself looks past it.
    #[must_use]
    pub fn writing_through(mut self, relay: &Relay) -> Self {
        self.postgres_port = Some(relay.address().port());
        self
    }

    /// Gives the vault a database that was made for it.
    #[must_use]
    pub fn with_database(mut self, database: TestDatabase) -> Self {
        self.database = Some(database);
        self
    }

    /// Starts the vault's server.
    ///
    /// # Panics
    /// When it can't be started.
    pub async fn start(self) -> TestApp {
        wiring::install_tls();
        let database = match self.database {
            Some(database) => database,
            None => TestDatabase::create().await,
        };
        let endpoint = self
            .variables
            .get("MINIO_ENDPOINT")
            .cloned()
            .unwrap_or_else(|| env("MINIO_ENDPOINT"));
        let bucket = TestBucket::create(&endpoint).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let base = if self.named {
            format!("http://localhost:{}", address.port())
        } else {
            format!("http://{address}")
        };
        let mut environment = BTreeMap::from(
            [
                ("DATABASE_URL", database.app_url.clone()),
                ("REDIS_URL", env("REDIS_URL")),
                ("REDIS_PREFIX", format!("test-{}", Uuid::new_v4().simple())),
                ("MINIO_ENDPOINT", endpoint),
                ("MINIO_BUCKET", bucket.name().to_owned()),
                ("MINIO_ACCESS_KEY", env("MINIO_ACCESS_KEY")),
                ("MINIO_SECRET_KEY", env("MINIO_SECRET_KEY")),
                (
                    "SECRET_KEY",
                    "a secret key for tests, long enough".to_owned(),
                ),
                ("DEFAULT_QUOTA_BYTES", "10000000000".to_owned()),
                ("LISTEN", address.to_string()),
                ("PUBLIC_URL", base.clone()),
                ("WORKER_LEASE_SECONDS", "3".to_owned()),
                ("WORKER_RECONCILE_SECONDS", "1".to_owned()),
                // Tests have it look when they want that.
                ("SCRUB_HOURS", "0".to_owned()),
                ("LOG", "warn".to_owned()),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        environment.extend(self.variables);
        environment.extend(self.behind);
        if let Some(port) = self.postgres_port {
            let through = database.through(port);
            environment.insert("DATABASE_URL".to_owned(), through);
        }
        let mut app = TestApp {
            client: Client::new(base),
            database,
            bucket,
            environment,
            stop: CancellationToken::new(),
            tasks: Vec::new(),
        };
        app.serve(listener, app.environment.clone());
        if !self.empty {
            app.client = people::first_admin(&app).await;
        }
        app
    }
}

/// A vault of one test's own.
pub struct TestApp {
    /// Calls its JSON API as its first admin.
    pub client: Client,
    /// Its database.
    pub database: TestDatabase,
    /// Its bucket.
    pub bucket: TestBucket,
    /// What its processes run with.
    pub environment: BTreeMap<String, String>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl TestApp {
    /// A usual vault, without a worker.
    pub async fn start() -> Self {
        Setup::default().start().await
    }

    /// A usual vault, with a worker.
    pub async fn start_with_worker() -> Self {
        let mut app = Self::start().await;
        app.start_worker();
        app
    }

    /// The use cases, without a face, on the same parts.
    ///
    /// # Panics
    /// When its settings make no sense.
    pub fn services(&self) -> Services {
        let settings = ServerSettings::from_env(&self.env()).unwrap();
        server::serve::build(&settings, 2).unwrap().services
    }

    /// Another server of the same vault, with that environment.
    ///
    /// # Panics
    /// When it can't be started.
    pub async fn second_server(&mut self, mut environment: BTreeMap<String, String>) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        environment.insert("LISTEN".to_owned(), address.to_string());
        self.serve(listener, environment);
        Client::new(format!("http://{address}"))
    }

    /// Another server of the same vault, as a process of its own, and a client of it that is signed in
    /// as the first admin.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn server_process(&self) -> (Process, Client) {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut environment = self.environment.clone();
        environment.insert("LISTEN".to_owned(), address.to_string());
        let process = Process::start("server", &environment);
        let mut client = self.client.clone();
        client.base = format!("http://{address}");
        crate::until("the server", crate::PATIENCE, async || {
            let answer = client.request(reqwest::Method::GET, "/livez").send().await;
            Ok(answer.is_ok().then_some(()))
        })
        .await
        .unwrap();
        (process, client)
    }

    fn env(&self) -> Env {
        let environment = self.environment.clone();
        Env::new(move |name| environment.get(name).cloned())
    }

    fn serve(&mut self, listener: TcpListener, environment: BTreeMap<String, String>) {
        let env = Env::new(move |name| environment.get(name).cloned());
        let settings = ServerSettings::from_env(&env).unwrap();
        let stop = self.stop.clone();
        self.tasks.push(tokio::spawn(async move {
            server::serve::serve_on(listener, &settings, stop.cancelled_owned())
                .await
                .unwrap();
        }));
    }

    /// Starts a worker in this process. Its sandboxed children are the real binary's.
    ///
    /// # Panics
    /// When its settings make no sense.
    pub fn start_worker(&mut self) {
        let settings = WorkerSettings::from_env(&self.env()).unwrap();
        let stop = self.stop.clone();
        let program = binary("reader");
        self.tasks.push(tokio::spawn(async move {
            worker::work(&settings, program, stop).await.unwrap();
        }));
    }

    /// Stops everything in order, as SIGTERM would.
    ///
    /// # Panics
    /// When a part ended badly.
    pub async fn stop(mut self) {
        self.stop.cancel();
        for task in self.tasks.drain(..) {
            task.await.unwrap();
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
