//! What the service manager (systemd) is told by the real binaries, at the address in `NOTIFY_SOCKET`.

use crate::support::closed_port;
use std::{collections::BTreeMap, time::Duration};
use tempfile::TempDir;
use testkit::{Client, LoggedProcess, PATIENCE, TestApp};
use tokio::{net::UnixDatagram, time::timeout};

type Environment = BTreeMap<String, String>;

/// Stands for the service manager.
struct Manager {
    socket: UnixDatagram,
    folder: TempDir,
}

impl Manager {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let socket = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        Self { socket, folder }
    }

    /// Starts a binary with these settings, and this beside them.
    fn start(
        &self,
        binary: &str,
        settings: &Environment,
        beside: &[(&str, &str)],
    ) -> LoggedProcess {
        let path = self.folder.path().join("notify");
        let mut environment = settings.clone();
        environment.insert(
            "NOTIFY_SOCKET".to_owned(),
            path.to_str().unwrap().to_owned(),
        );
        for (name, value) in beside {
            environment.insert((*name).to_owned(), (*value).to_owned());
        }
        LoggedProcess::start(binary, &environment)
    }

    /// The next that it is told.
    async fn told(&self, process: &LoggedProcess) -> String {
        let mut bytes = [0; 4096];
        let received = timeout(PATIENCE, self.socket.recv(&mut bytes)).await;
        let count = received
            .unwrap_or_else(|_| panic!("nothing was told: {}", process.log()))
            .unwrap();
        String::from_utf8(bytes[..count].to_vec()).unwrap()
    }
}

/// The vault's settings, with another address to listen on.
async fn elsewhere(app: &TestApp) -> (Environment, Client) {
    let address = closed_port().await;
    let mut environment = app.environment.clone();
    environment.insert("LISTEN".to_owned(), address.clone());
    (environment, Client::new(format!("http://{address}")))
}

#[tokio::test]
async fn a_server_is_ready_when_it_listens_and_says_when_it_stops() {
    let app = TestApp::start().await;
    let (environment, client) = elsewhere(&app).await;
    let manager = Manager::new();
    let mut process = manager.start("server", &environment, &[]);
    assert_eq!(manager.told(&process).await, "READY=1\nSTATUS=Serving\n");
    assert_eq!(client.get("/livez").await.status(), 200, "at the first try");
    process.signal("TERM");
    assert_eq!(manager.told(&process).await, "STOPPING=1\n");
    assert_eq!(process.ended().await, Some(0));
}

#[tokio::test]
async fn a_worker_is_ready_when_it_is_connected_and_says_when_it_stops() {
    let app = TestApp::start().await;
    let manager = Manager::new();
    let mut process = manager.start("worker", &app.environment, &[]);
    assert_eq!(manager.told(&process).await, "READY=1\nSTATUS=Working\n");
    process.signal("TERM");
    assert_eq!(manager.told(&process).await, "STOPPING=1\n");
    assert_eq!(process.ended().await, Some(0));
}

/// It may be started before the services that it needs: a manager that got no word would end it.
#[tokio::test]
async fn a_worker_without_its_services_says_after_a_while_what_it_waits_for() {
    let app = TestApp::start().await;
    let nowhere = format!("postgres://u:p@{}/db", closed_port().await);
    let manager = Manager::new();
    let process = manager.start("worker", &app.environment, &[("DATABASE_URL", &nowhere)]);
    assert_eq!(
        manager.told(&process).await,
        "READY=1\nSTATUS=Waiting for PostgreSQL or Redis\n"
    );
}

#[tokio::test]
async fn signs_of_life_are_given_as_often_as_is_asked_for() {
    let app = TestApp::start().await;
    let (environment, _) = elsewhere(&app).await;
    for binary in ["server", "worker"] {
        let manager = Manager::new();
        let often = ("WATCHDOG_USEC", "200000");
        let process = manager.start(binary, &environment, &[often]);
        assert!(manager.told(&process).await.starts_with("READY=1\n"));
        for _ in 0..3 {
            assert_eq!(manager.told(&process).await, "WATCHDOG=1\n");
        }
    }
}

#[tokio::test]
async fn a_process_that_can_not_start_is_never_ready() {
    let manager = Manager::new();
    let wrong = Environment::new();
    for binary in ["server", "worker"] {
        let mut process = manager.start(binary, &wrong, &[]);
        assert_eq!(process.ended().await, Some(1));
    }
    let mut bytes = [0; 64];
    let told = timeout(Duration::from_millis(1), manager.socket.recv(&mut bytes)).await;
    assert!(told.is_err(), "{bytes:?}");
}
