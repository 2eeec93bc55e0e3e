//! Passwords and ports that stay the same from one start to the next: a file of `KEY=value` lines
//! that only its owner can read.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rand::Rng;

/// Below the range that the kernel takes the ports of outgoing connections from: a service that is
/// stopped for a while finds its port still free.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// The values of one service.
pub struct Kept {
    path: PathBuf,
    values: BTreeMap<String, String>,
}

impl Kept {
    /// Reads what an earlier start left in this folder, which is made if need be.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("`{}` could not be made", folder.display()))?;
        let path = folder.join("kept");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => bail!("`{}` could not be read: {error}", path.display()),
        };
        let values = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        Ok(Self { path, values })
    }

    /// A random value of this many bytes in hexadecimal, made on the first call.
    pub fn secret(&mut self, name: &str, bytes: usize) -> Result<String> {
        if let Some(value) = self.values.get(name) {
            return Ok(value.clone());
        }
        let mut random = vec![0; bytes];
        rand::rng().fill(random.as_mut_slice());
        self.keep(name, hex::encode(random))
    }

    /// The port of the last start if it is still free, else another.
    pub fn port(&mut self) -> Result<u16> {
        self.named_port("PORT")
    }

    /// The same for a service that has several; no two names get the same port.
    pub fn named_port(&mut self, name: &str) -> Result<u16> {
        let last = self.values.get(name).and_then(|port| port.parse().ok());
        if let Some(port) = last.filter(|port| is_free(*port)) {
            return Ok(port);
        }
        let mut tries = std::iter::repeat_with(|| rand::rng().random_range(PORTS)).take(200);
        let Some(port) = tries.find(|port| is_free(*port) && !self.is_kept(*port)) else {
            bail!(
                "No free port was found between {} and {}.",
                PORTS.start,
                PORTS.end
            );
        };
        self.keep(name, port.to_string())?;
        Ok(port)
    }

    fn is_kept(&self, port: u16) -> bool {
        let port = port.to_string();
        self.values.values().any(|value| *value == port)
    }

    /// What was kept under that name.
    pub fn value(&self, name: &str) -> Option<String> {
        self.values.get(name).cloned()
    }

    /// A random value of this many bytes in hexadecimal, new on every call.
    pub fn fresh_secret(&mut self, name: &str, bytes: usize) -> Result<String> {
        self.values.remove(name);
        self.secret(name, bytes)
    }

    /// Keeps a value.
    pub fn keep(&mut self, name: &str, value: String) -> Result<String> {
        self.values.insert(name.to_owned(), value.clone());
        write_private(&self.path, &lines(&self.values))?;
        Ok(value)
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A random value of 32 bytes in hexadecimal that stays with a folder.
pub fn kept_secret(folder: &Path, name: &str) -> Result<String> {
    Kept::in_folder(folder)?.secret(name, 32)
}

/// `KEY=value` lines, as a shell and a systemd unit read them.
pub fn lines(values: &BTreeMap<String, String>) -> String {
    values
        .iter()
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect()
}

/// Replaces a file in one step; only its owner can read it at any moment.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    let new = path.with_extension("new");
    let write = || {
        match std::fs::remove_file(&new) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(text.as_bytes())?;
        std::fs::rename(&new, path)
    };
    write().with_context(|| format!("`{}` could not be written", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_second_start_has_the_same_values() {
        let dir = tempfile::tempdir().unwrap();
        let mut first = Kept::in_folder(dir.path()).unwrap();
        let mut second = {
            first.secret("PASSWORD", 16).unwrap();
            first.port().unwrap();
            Kept::in_folder(dir.path()).unwrap()
        };
        assert_eq!(
            first.secret("PASSWORD", 16).unwrap(),
            second.secret("PASSWORD", 16).unwrap()
        );
        assert_eq!(first.port().unwrap(), second.port().unwrap());
    }

    #[test]
    fn a_port_that_was_taken_meanwhile_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = Kept::in_folder(dir.path()).unwrap();
        let before = kept.port().unwrap();
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, before)).unwrap();
        assert_ne!(kept.port().unwrap(), before);
    }

    #[test]
    fn each_name_keeps_a_port_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = Kept::in_folder(dir.path()).unwrap();
        let (first, second) = (kept.port().unwrap(), kept.named_port("OTHER").unwrap());
        assert_ne!(first, second);
        assert!(kept.is_kept(first) && kept.is_kept(second));
        let mut again = Kept::in_folder(dir.path()).unwrap();
        assert_eq!(again.port().unwrap(), first);
        assert_eq!(again.named_port("OTHER").unwrap(), second);
    }

    #[test]
    fn only_the_owner_can_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = Kept::in_folder(dir.path()).unwrap();
        let secret = kept.secret("PASSWORD", 16).unwrap();
        assert_eq!(secret.len(), 32);
        let mode = std::fs::metadata(dir.path().join("kept"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
