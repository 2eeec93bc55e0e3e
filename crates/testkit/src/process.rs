//! The real binaries, for tests that kill them.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

/// The path of a binary of this workspace, built beside the tests.
///
/// # Panics
/// When it was not built.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test.ancestors().find(|folder| folder.join(name).is_file());
    folder
        .unwrap_or_else(|| panic!("`{name}` is not built: run the tests with `make test`"))
        .join(name)
}

/// A binary with this environment and nothing else.
pub(crate) fn command(by: &[&str], name: &str, environment: &BTreeMap<String, String>) -> Command {
    let mut words: Vec<OsString> = by.iter().map(OsString::from).collect();
    words.push(binary(name).into());
    let mut command = Command::new(&words[0]);
    let of_the_site = std::env::vars().filter(|(name, _)| name.starts_with("LEPTOS_"));
    command
        .args(&words[1..])
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap_or_default())
        .envs(of_the_site)
        .envs(environment);
    command
}

/// Runs a binary to its end: its exit code, and what it said.
///
/// # Panics
/// When it can't be started.
pub async fn run(
    name: &str,
    arguments: &[&str],
    environment: &BTreeMap<String, String>,
) -> (Option<i32>, String) {
    let output = output(name, arguments, environment).await;
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

/// Runs a binary to its end: its exit code, and what it complained of on standard error.
///
/// # Panics
/// When it can't be started.
pub async fn run_complaining(
    name: &str,
    arguments: &[&str],
    environment: &BTreeMap<String, String>,
) -> (Option<i32>, String) {
    let output = output(name, arguments, environment).await;
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

async fn output(name: &str, arguments: &[&str], environment: &BTreeMap<String, String>) -> Output {
    let mut command = command(&[], name, environment);
    command.args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap()
}

/// A running binary. Dropping it kills it.
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts a binary with this environment and nothing else.
    ///
    /// # Panics
    /// When it can't be started.
    pub fn start(name: &str, environment: &BTreeMap<String, String>) -> Self {
        Self::start_by(&[], name, environment)
    }

    /// The same by way of another command, which becomes the binary in the end (`exec`).
    ///
    /// # Panics
    /// When it can't be started.
    pub fn start_by(by: &[&str], name: &str, environment: &BTreeMap<String, String>) -> Self {
        let child = command(by, name, environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        Self { child }
    }

    /// `kill -9`.
    ///
    /// # Panics
    /// When it is gone already.
    pub fn kill(&mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ends");
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, and gives its exit code.
    ///
    /// # Panics
    /// When it can't be asked.
    pub fn stop(&mut self) -> Option<i32> {
        Command::new("kill")
            .arg("-TERM")
            .arg(self.id().to_string())
            .status()
            .expect("kill");
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
