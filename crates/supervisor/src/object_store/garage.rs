//! A Garage of our own: one node, one bucket, and a key for that bucket and those it makes itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Client, StatusCode};

use super::{Address, KeyPair};
use crate::kept::{Kept, write_private};
use crate::process::{Program, Running};
use crate::waiting::{until, until_gone};

const READY_WITHIN: Duration = Duration::from_secs(30);
const REQUEST_WITHIN: Duration = Duration::from_secs(5);

/// What Garage takes from its environment, where somebody may have set it for another Garage.
const FOR_ANOTHER_GARAGE: [&str; 9] = [
    "GARAGE_ADMIN_TOKEN",
    "GARAGE_ADMIN_TOKEN_FILE",
    "GARAGE_ALLOW_WORLD_READABLE_SECRETS",
    "GARAGE_LOG_TO_JOURNALD",
    "GARAGE_LOG_TO_SYSLOG",
    "GARAGE_METRICS_TOKEN",
    "GARAGE_METRICS_TOKEN_FILE",
    "GARAGE_RPC_SECRET",
    "GARAGE_RPC_SECRET_FILE",
];

/// The server, which is there even while it does not run.
pub struct Garage {
    program: PathBuf,
    folder: PathBuf,
    address: Address,
    running: Option<Running>,
}

impl Garage {
    /// Prepares this folder; nothing runs yet.
    pub async fn new(program: PathBuf, folder: &Path, bucket: &str) -> Result<Self> {
        let mut kept = Kept::in_folder(folder)?;
        wait_for_the_one_before(folder).await?;
        let garage = Self {
            program,
            folder: folder.to_owned(),
            address: Address {
                port: kept.port()?,
                region: "garage",
                bucket: bucket.to_owned(),
                app: KeyPair {
                    // Garage takes no other form.
                    access: format!("GK{}", kept.secret("APP_KEY", 12)?),
                    secret: kept.secret("APP_SECRET", 32)?,
                },
            },
            running: None,
        };
        let configuration = Configuration {
            folder,
            port: garage.address.port,
            region: garage.address.region,
            rpc_port: kept.named_port("RPC_PORT")?,
            rpc_secret: &kept.secret("RPC_SECRET", 32)?,
        };
        write_private(&garage.configuration(), &configuration.text()?)?;
        Ok(garage)
    }

    /// How clients reach it.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Starts it, if it does not already run, and waits until it answers. By then it has made the
    /// key and the bucket.
    pub async fn start(&mut self) -> Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let mut running = self.program().start()?;
        if let Some(id) = running.id() {
            write_private(&id_file(&self.folder), &id.to_string())?;
        }
        let client = Client::builder().no_proxy().build()?;
        let endpoint = self.address.endpoint();
        until("Garage", READY_WITHIN, async || {
            if let Some(status) = running.ended()? {
                return Err(running.report(status));
            }
            // It has to refuse us: the request is not signed.
            let request = client.get(&endpoint).timeout(REQUEST_WITHIN);
            let answer = request.send().await;
            Ok(answer
                .is_ok_and(|answer| answer.status() == StatusCode::FORBIDDEN)
                .then_some(()))
        })
        .await?;
        self.running = Some(running);
        Ok(())
    }

    /// Writes what it has to disk and stops.
    pub async fn stop(&mut self) -> Result<()> {
        match self.running.take() {
            Some(running) => {
                running.stop().await?;
                // Its number may soon be that of another.
                Ok(std::fs::remove_file(id_file(&self.folder))?)
            }
            None => Ok(()),
        }
    }

    /// Completes only when it ends without having been stopped.
    pub async fn unexpected_end(&mut self) -> anyhow::Error {
        match &mut self.running {
            Some(running) => running.unexpected_end().await,
            None => std::future::pending().await,
        }
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("garage.toml")
    }

    /// The key goes in through the environment, which other users can't read, unlike arguments.
    fn program(&self) -> Program {
        let key = &self.address.app;
        let environment = [
            ("GARAGE_DEFAULT_ACCESS_KEY", key.access.as_str()),
            ("GARAGE_DEFAULT_SECRET_KEY", &key.secret),
            ("GARAGE_DEFAULT_BUCKET", &self.address.bucket),
            // Else a line for every request, in colours.
            ("RUST_LOG", "warn"),
            ("NO_COLOR", "1"),
        ];
        let options = ["server", "--single-node", "--default-bucket"];
        let mut program = Program::new("Garage", self.program.clone(), self.folder.join("log"));
        program.arguments = vec!["-c".into(), self.configuration().into()];
        program.arguments.extend(options.map(Into::into));
        program.environment = environment
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        program.withheld = FOR_ANOTHER_GARAGE.to_vec();
        program
    }
}

fn id_file(folder: &Path) -> PathBuf {
    folder.join("pid")
}

/// After its supervisor was killed, a Garage needs a moment to write its data and go.
async fn wait_for_the_one_before(folder: &Path) -> Result<()> {
    let Ok(id) = std::fs::read_to_string(id_file(folder)) else {
        return Ok(());
    };
    // In Nix it has more in its name.
    let is_garage = |name: &str| name.contains("garage");
    until_gone(
        "The Garage of an earlier start",
        &id,
        READY_WITHIN,
        is_garage,
    )
    .await
    .with_context(|| format!("`{}` is still in use", folder.display()))
}

/// What Garage reads at its start. It gets no port for administration: what does not listen needs
/// no token.
struct Configuration<'a> {
    folder: &'a Path,
    port: u16,
    region: &'a str,
    rpc_port: u16,
    rpc_secret: &'a str,
}

impl Configuration<'_> {
    fn text(&self) -> Result<String> {
        let Self {
            port,
            region,
            rpc_port,
            rpc_secret,
            ..
        } = self;
        Ok(format!(
            "metadata_dir = {metadata}\n\
             data_dir = {data}\n\
             db_engine = \"sqlite\"\n\
             metadata_fsync = true\n\
             data_fsync = true\n\
             replication_factor = 1\n\
             rpc_bind_addr = \"127.0.0.1:{rpc_port}\"\n\
             rpc_public_addr = \"127.0.0.1:{rpc_port}\"\n\
             rpc_secret = \"{rpc_secret}\"\n\
             \n\
             [s3_api]\n\
             api_bind_addr = \"127.0.0.1:{port}\"\n\
             s3_region = \"{region}\"\n",
            metadata = self.quoted("metadata")?,
            data = self.quoted("data")?,
        ))
    }

    /// A path in a TOML file. What JSON escapes in a text, TOML escapes alike.
    fn quoted(&self, name: &str) -> Result<String> {
        let path = self.folder.join(name);
        let text = path.to_str().with_context(|| {
            format!(
                "Garage can't work in `{}`: the path is not UTF-8. Use another folder.",
                path.display()
            )
        })?;
        Ok(serde_json::to_string(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(folder: &Path) -> Configuration<'_> {
        Configuration {
            folder,
            port: 20_001,
            region: "garage",
            rpc_port: 20_002,
            rpc_secret: "5ec3e7",
        }
    }

    #[test]
    fn nothing_listens_beyond_this_machine() {
        let text = configuration(Path::new("/vault/garage")).text().unwrap();
        let addresses: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .filter(|(name, _)| name.ends_with("_addr"))
            .map(|(_, value)| value)
            .collect();
        assert_eq!(
            addresses,
            [
                "\"127.0.0.1:20002\"",
                "\"127.0.0.1:20002\"",
                "\"127.0.0.1:20001\""
            ]
        );
    }

    #[test]
    fn a_path_may_have_any_character() {
        let text = configuration(Path::new("/the \"best\"\\vault\n")).text();
        let data = r#"data_dir = "/the \"best\"\\vault\n/data""#;
        assert!(text.unwrap().lines().any(|line| line == data));
    }

    #[test]
    fn it_waits_for_the_disk() {
        let text = configuration(Path::new("/vault/garage")).text().unwrap();
        for setting in ["metadata_fsync = true", "data_fsync = true"] {
            assert!(text.lines().any(|line| line == setting), "{text}");
        }
    }
}
