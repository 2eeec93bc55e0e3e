//! An S3 server inside this process, on plain files. It checks signatures and answers as S3 does,
//! but a power cut may lose what it said it had.

mod unfinished;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::{SecretKey, SimpleAuth};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use super::access::Scoped;
use super::{Address, KeyPair, S3Server};
use crate::kept::Kept;
use unfinished::Unfinished;

/// The server, which is there even while it does not serve.
pub struct S3s {
    address: Address,
    root: KeyPair,
    objects: PathBuf,
    serving: Option<JoinHandle<()>>,
}

impl S3s {
    /// Prepares this folder; nothing is served yet.
    pub fn new(folder: &Path, bucket: &str) -> Result<Self> {
        ensure!(
            !S3Server::garage_folder(folder).exists(),
            "The objects in `{}` are Garage's, and this command works with a server of its own. \
             Give it another folder.",
            folder.display()
        );
        let mut kept = Kept::in_folder(folder)?;
        let objects = S3Server::s3s_folder(folder);
        let store = Self {
            address: Address {
                port: kept.port()?,
                region: "us-east-1",
                bucket: bucket.to_owned(),
                app: KeyPair {
                    access: "docuvault-app".to_owned(),
                    secret: kept.secret("APP_SECRET", 24)?,
                },
            },
            root: KeyPair {
                access: "docuvault-root".to_owned(),
                secret: kept.secret("ROOT_SECRET", 24)?,
            },
            objects,
            serving: None,
        };
        std::fs::create_dir_all(store.objects.join(bucket))?;
        Ok(store)
    }

    /// How clients reach it.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The key that may do everything.
    pub fn root_key(&self) -> &KeyPair {
        &self.root
    }

    /// Serves, if it does not already.
    pub async fn start(&mut self) -> Result<()> {
        if self.serving.is_some() {
            return Ok(());
        }
        let port = self.address.port;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .with_context(|| format!("port {port} could not be opened"))?;
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

    fn service(&self) -> Result<S3Service> {
        let files = FileSystem::new(&self.objects)
            .map_err(|error| anyhow::anyhow!("the objects could not be opened: {error:?}"))?;
        let mut keys = SimpleAuth::new();
        for key in [&self.root, &self.address.app] {
            keys.register(key.access.clone(), SecretKey::from(key.secret.clone()));
        }
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(keys);
        let access = || Scoped::new(&self.root.access, &self.address.bucket);
        builder.set_access(access());
        builder.set_route(Unfinished::new(&self.objects, access()));
        Ok(builder.build())
    }
}

/// Serves a bucket at that address to its key, and everything to the root key, until it is dropped. Unlike
/// elsewhere the keys are somebody else's.
pub async fn serve_at(
    listen: SocketAddr,
    objects: &Path,
    bucket: &str,
    root: KeyPair,
    app: KeyPair,
) -> Result<()> {
    std::fs::create_dir_all(objects.join(bucket))
        .with_context(|| format!("`{}` can't be written", objects.display()))?;
    let store = S3s {
        address: Address {
            port: listen.port(),
            region: "us-east-1",
            bucket: bucket.to_owned(),
            app,
        },
        root,
        objects: objects.to_owned(),
        serving: None,
    };
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("{listen} can't be listened on"))?;
    serve(listener, store.service()?).await;
    Ok(())
}

impl Drop for S3s {
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
                    // Else the end of an object waits until the client has acknowledged its beginning,
                    // which a client that has nothing to send puts off by 40 ms.
                    let _ = stream.set_nodelay(true);
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
