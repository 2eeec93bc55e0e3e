//! The real binaries, for tests that read their log and ask them to stop.

use crate::{PATIENCE, process::command, until};
use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
};
use tempfile::NamedTempFile;

/// A running binary whose log is kept. Dropping it kills it.
pub struct LoggedProcess {
    child: Child,
    log: NamedTempFile,
}

impl LoggedProcess {
    /// Starts a binary with this environment and nothing else.
    ///
    /// # Panics
    /// When it can't be started.
    pub fn start(name: &str, environment: &BTreeMap<String, String>) -> Self {
        let log = NamedTempFile::new().unwrap();
        let child = command(&[], name, environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        Self { child, log }
    }

    /// What it has logged so far.
    ///
    /// # Panics
    /// When that can't be read.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.log.path()).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// When it can't be sent.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Its exit code, once it has ended by itself.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn ended(&mut self) -> Option<i32> {
        let ended = until("the process to end", PATIENCE, async || {
            Ok(self.child.try_wait().unwrap())
        });
        ended.await.unwrap().code()
    }
}

impl Drop for LoggedProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
