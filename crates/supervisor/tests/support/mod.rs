//! What several tests of the supervisor need.

#![allow(dead_code, reason = "each test file uses a part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The binary under test.
pub fn supervisor() -> Command {
    Command::new(env!("CARGO_BIN_EXE_supervisor"))
}

/// A folder with a stand-in for each of the binaries that `run` starts.
pub fn stand_ins(folder: &Path) -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_supervisor"))
        .parent()
        .unwrap();
    let binaries = folder.join("binaries");
    std::fs::create_dir(&binaries).unwrap();
    for name in ["server", "worker"] {
        std::os::unix::fs::symlink(target.join("examples/stand_in"), binaries.join(name)).unwrap();
    }
    binaries
}

/// Every process that descends from this one, the dead that nobody has asked about aside.
pub fn descendants(ancestor: u32) -> Vec<u32> {
    supervisor::descendants(ancestor).unwrap()
}

/// Those of these processes that are still there.
pub fn alive(pids: &[u32]) -> Vec<u32> {
    pids.iter()
        .copied()
        .filter(|pid| supervisor::is_alive(*pid))
        .collect()
}

/// Runs SQL as somebody.
pub fn psql(url: &str, sql: &str) -> Output {
    Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
        .args(["--set=ON_ERROR_STOP=1", "--command", sql, url])
        .output()
        .unwrap()
}

/// What a command printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Sends a signal by its name.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &pid.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}
