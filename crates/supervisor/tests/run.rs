//! `supervisor run`: from nothing to "ready", and back to nothing.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use support::{alive, descendants, stand_ins, supervisor, text};
use tempfile::TempDir;

const LONG_ENOUGH: Duration = Duration::from_secs(30);

/// A checkout as far as `run` sees one.
struct Checkout {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
}

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let binaries = stand_ins(folder.path());
        let samples = folder.path().join("samples");
        std::fs::create_dir(&samples).unwrap();
        for name in ["README.md", "letter.txt", "statement.txt"] {
            std::fs::write(samples.join(name), "Dear reader").unwrap();
        }
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            folder,
            binaries,
            port: free.local_addr().unwrap().port(),
        }
    }

    fn run(&self) -> Command {
        let mut command = supervisor();
        command
            .current_dir(self.folder.path())
            .env("PORT", self.port.to_string())
            .args(["run", "--samples", "samples", "--binaries"])
            .arg(&self.binaries);
        command
    }

    fn start(&self) -> Started {
        let mut process = self
            .run()
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Started { process, output }
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(".dev").join(path)).unwrap()
    }
}

struct Started {
    process: Child,
    output: BufReader<ChildStdout>,
}

impl Started {
    /// Reads up to a line that is this text and nothing else.
    fn wait_for(&mut self, wanted: &str) -> Vec<String> {
        let mut seen = Vec::new();
        for line in self.output.by_ref().lines() {
            let line = line.unwrap();
            if line == wanted {
                return seen;
            }
            seen.push(line);
        }
        panic!("no line `{wanted}` in {seen:#?}");
    }

    fn children(&self) -> Vec<u32> {
        descendants(self.process.id())
    }

    async fn end(&mut self, signal: &str) -> ExitStatus {
        support::signal(self.process.id(), signal);
        supervisor::until("The end", LONG_ENOUGH, async || {
            Ok(self.process.try_wait()?)
        })
        .await
        .unwrap()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Nothing to do where the test ended it, as it should.
        let _ = self.process.kill();
    }
}

#[tokio::test]
async fn from_nothing_to_ready_and_back() {
    let checkout = Checkout::new();
    let mut started = checkout.start();
    let before_ready = started.wait_for("ready");
    let url = format!("DocuVault is at http://localhost:{}", checkout.port);
    assert!(before_ready.contains(&url), "{before_ready:?}");
    started.wait_for("Uploaded the sample letter.txt");
    started.wait_for("Uploaded the sample statement.txt");

    let server = checkout.text("logs/server.log");
    assert_eq!(server.matches("POST /api/topics").count(), 5);
    assert_eq!(server.matches("POST /api/documents/upload").count(), 2);
    // Whether the vault is empty was asked with it, too.
    assert_eq!(server.matches("with the admin's token").count(), 9);
    assert!(server.contains("knows the migrate role: false"));
    assert!(
        checkout
            .text("logs/migrate.log")
            .contains("migrating as true")
    );

    let env = checkout.text("env");
    let mode = std::fs::metadata(checkout.folder.path().join(".dev/env"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let listen = format!("LISTEN=127.0.0.1:{}\n", checkout.port);
    assert!(env.contains(&listen), "{env}");
    assert!(env.contains("ADMIN_TOKEN=dva_stand_in\n"), "{env}");
    let told = |line: &String| line.starts_with("Its admin is admin@docuvault.localhost");
    assert!(before_ready.iter().any(told), "{before_ready:?}");

    let mut elsewhere = checkout.run();
    let second = elsewhere.env("PORT", "0").output().unwrap();
    assert!(text(&second.stderr).starts_with("DocuVault is already running"));

    let children = started.children();
    // Server, worker, Redis, and PostgreSQL with its own.
    assert!(children.len() >= 4, "{children:?}");
    assert!(started.end("TERM").await.success());
    assert_eq!(alive(&children), Vec::<u32>::new());

    let mut again = checkout.start();
    let before_ready = again.wait_for("ready");
    assert!(
        !before_ready.iter().any(told),
        "a password is shown once: {before_ready:?}"
    );
    assert_eq!(checkout.text("env"), env);
    let children = again.children();
    assert!(again.end("INT").await.success());
    assert_eq!(alive(&children), Vec::<u32>::new());
}

#[tokio::test]
async fn nothing_outlives_a_killed_supervisor() {
    let checkout = Checkout::new();
    let mut started = checkout.start();
    started.wait_for("ready");
    let children = started.children();
    assert!(!started.end("KILL").await.success());
    supervisor::until("The end of the children", LONG_ENOUGH, async || {
        Ok(alive(&children).is_empty().then_some(()))
    })
    .await
    .unwrap();

    let mut again = checkout.start();
    again.wait_for("ready");
    assert!(again.end("TERM").await.success());
}

#[test]
fn a_worker_that_dies_ends_everything() {
    let checkout = Checkout::new();
    let output = checkout.run().env("STAND_IN_FAILS", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("worker ended unexpectedly"), "{message}");
    assert!(message.contains("the work is too much"), "{message}");
    let port_is_free = TcpListener::bind(("127.0.0.1", checkout.port)).is_ok();
    assert!(port_is_free);
}

#[test]
fn a_port_in_use_is_said_before_anything_starts() {
    let checkout = Checkout::new();
    let _taken = TcpListener::bind(("127.0.0.1", checkout.port)).unwrap();
    let output = checkout.run().output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    let expected = format!("Port {} is in use by another program.", checkout.port);
    assert!(message.starts_with(&expected), "{message}");
    assert!(!checkout.folder.path().join(".dev").exists());
}
