//! The user that a program runs as. PostgreSQL refuses to run as root.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// Either the user that we are, or a lesser one.
#[derive(Debug, Clone)]
pub enum Account {
    /// Whoever runs this.
    Own,
    /// Another user, whose ids are these.
    Other {
        /// The user.
        uid: u32,
        /// The user's first group.
        gid: u32,
    },
}

impl Account {
    /// Ourselves, unless that is root.
    pub fn other_than_root() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Own);
        }
        for name in CANDIDATES {
            if let (Some(uid), Some(gid)) = (id("-u", name), id("-g", name)) {
                return Ok(Self::Other { uid, gid });
            }
        }
        bail!(
            "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`."
        );
    }

    /// What `setpriv` is told. The one capability lets the user reach a folder that lies inside
    /// one of root's, such as a checkout under `/root`.
    pub fn setpriv_arguments(&self) -> Vec<OsString> {
        let Self::Other { uid, gid } = self else {
            return Vec::new();
        };
        vec![
            format!("--reuid={uid}").into(),
            format!("--regid={gid}").into(),
            "--clear-groups".into(),
            "--inh-caps=+dac_override".into(),
            "--ambient-caps=+dac_override".into(),
        ]
    }

    /// Makes the user the owner of a folder.
    pub fn own(&self, folder: &Path) -> Result<()> {
        let Self::Other { uid, gid } = self else {
            return Ok(());
        };
        std::os::unix::fs::chown(folder, Some(*uid), Some(*gid))
            .with_context(|| format!("`{}` could not change hands", folder.display()))
    }
}

fn id(option: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([option, name]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
