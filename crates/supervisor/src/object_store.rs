//! An S3 server with one bucket: s3s-fs inside this process, or Garage beside it.

mod access;
mod choice;
mod garage;
mod s3s;

use std::path::Path;

use anyhow::Result;

pub use choice::S3Server;
use garage::Garage;
use s3s::S3s;
pub use s3s::serve_at;

/// The name of a key and its secret.
#[derive(Clone)]
pub struct KeyPair {
    /// The public half.
    pub access: String,
    /// The other.
    pub secret: String,
}

/// A running S3 server with one bucket and a key for it.
pub struct ObjectStore(Server);

enum Server {
    S3s(S3s),
    Garage(Box<Garage>),
}

/// How clients reach a server.
struct Address {
    port: u16,
    region: &'static str,
    bucket: String,
    app: KeyPair,
}

impl ObjectStore {
    /// Serves the objects in this folder, made on the first call.
    pub async fn start(choice: S3Server, folder: &Path, bucket: &str) -> Result<Self> {
        let server = match choice {
            S3Server::S3s => Server::S3s(S3s::new(folder, bucket)?),
            S3Server::Garage(program) => {
                let folder = S3Server::garage_folder(folder);
                Server::Garage(Box::new(Garage::new(program, &folder, bucket).await?))
            }
        };
        let mut store = Self(server);
        store.start_again().await?;
        Ok(store)
    }

    /// Serves again after [`stop`](Self::stop), on the same port.
    pub async fn start_again(&mut self) -> Result<()> {
        match &mut self.0 {
            Server::S3s(server) => server.start().await,
            Server::Garage(server) => server.start().await,
        }
    }

    /// Closes the port and every connection.
    pub async fn stop(&mut self) -> Result<()> {
        match &mut self.0 {
            Server::S3s(server) => {
                server.stop().await;
                Ok(())
            }
            Server::Garage(server) => server.stop().await,
        }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.address().endpoint()
    }

    /// The region that signatures name.
    pub fn region(&self) -> &str {
        self.address().region
    }

    /// The bucket that was made.
    pub fn bucket(&self) -> &str {
        &self.address().bucket
    }

    /// The key that may do everything. Garage has none: its buckets are made by its own commands.
    pub fn root_key(&self) -> Option<&KeyPair> {
        match &self.0 {
            Server::S3s(server) => Some(server.root_key()),
            Server::Garage(_) => None,
        }
    }

    /// The key of the application: its bucket, and in s3s-fs those whose names start with
    /// `test-`.
    pub fn app_key(&self) -> &KeyPair {
        &self.address().app
    }

    /// Completes only when a server of its own process ends without having been stopped.
    pub async fn unexpected_end(&mut self) -> anyhow::Error {
        match &mut self.0 {
            Server::S3s(_) => std::future::pending().await,
            Server::Garage(server) => server.unexpected_end().await,
        }
    }

    fn address(&self) -> &Address {
        match &self.0 {
            Server::S3s(server) => server.address(),
            Server::Garage(server) => server.address(),
        }
    }
}

impl Address {
    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
