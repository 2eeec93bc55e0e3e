//! An S3 server inside this process, on plain files. It checks signatures and answers as S3 does,
//! but a power cut may lose what it said it had: for development and tests.

mod access;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::{SecretKey, SimpleAuth};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::kept::Kept;
use access::Scoped;

/// The name of a key and its secret.
#[derive(Clone)]
pub struct KeyPair {
    /// The public half.
    pub access: String,
    /// The other.
    pub secret: String,
}

/// A running S3 server with one bucket and two keys.
pub struct ObjectStore {
    folder: PathBuf,
    port: u16,
    bucket: String,
    root: KeyPair,
    app: KeyPair,
    serving: Option<JoinHandle<()>>,
}

impl ObjectStore {
    /// Serves the objects in this folder, made on the first call.
    pub async fn start(folder: &Path, bucket: &str) -> Result<Self> {
        let mut kept = Kept::in_folder(folder)?;
        let mut store = Self {
            folder: folder.to_owned(),
            port: kept.port()?,
            bucket: bucket.to_owned(),
            root: KeyPair {
                access: "docuvault-root".to_owned(),
                secret: kept.secret("ROOT_SECRET", 24)?,
            },
            app: KeyPair {
                access: "docuvault-app".to_owned(),
                secret: kept.secret("APP_SECRET", 24)?,
            },
            serving: None,
        };
        std::fs::create_dir_all(store.objects().join(bucket))?;
        store.start_again().await?;
        Ok(store)
    }

    /// Serves again after [`stop`](Self::stop), on the same port.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.serving.is_some() {
            return Ok(());
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))
            .await
            .with_context(|| format!("port {} could not be opened", self.port))?;
        self.serving = Some(tokio::spawn(serve(listener, self.service()?)));
        Ok(())
    }

    /// Closes the port and every connection at once.
    pub async fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
            // Being aborted is the only way in which it ends.
            let _ = serving.await;
        }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bucket that was made.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The key that may do everything.
    pub fn root_key(&self) -> &KeyPair {
        &self.root
    }

    /// The key of the application: its bucket, and those whose names start with the bucket's name
    /// and `-test-`.
    pub fn app_key(&self) -> &KeyPair {
        &self.app
    }

    fn objects(&self) -> PathBuf {
        self.folder.join("objects")
    }

    fn service(&self) -> Result<S3Service> {
        let files = FileSystem::new(self.objects())
            .map_err(|error| anyhow::anyhow!("the objects could not be opened: {error:?}"))?;
        let mut keys = SimpleAuth::new();
        for key in [&self.root, &self.app] {
            keys.register(key.access.clone(), SecretKey::from(key.secret.clone()));
        }
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(keys);
        builder.set_access(Scoped::new(&self.root.access, &self.bucket));
        Ok(builder.build())
    }
}

impl Drop for ObjectStore {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}

/// The connections belong to the set, and the set to this task: ending it ends them.
async fn serve(listener: TcpListener, service: S3Service) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // One that could not be accepted is the client's to repeat.
            Ok((stream, _)) = listener.accept() => {
                let service = service.clone();
                connections.spawn(async move {
                    // A connection that breaks is the client's to notice.
                    let _ = Builder::new(TokioExecutor::new())
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
            Some(_) = connections.join_next() => {}
            else => {}
        }
    }
}
