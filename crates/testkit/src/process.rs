//! The real binaries, for tests that kill them.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Child, Command, Stdio},
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
        let path = std::env::var("PATH").unwrap_or_default();
        let child = Command::new(binary(name))
            .env_clear()
            .env("PATH", path)
            .envs(environment)
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
