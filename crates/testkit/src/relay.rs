//! A relay in front of a part of the vault, which breaks what passes when a test wants it to.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// Passes on every connection, byte by byte.
pub struct Relay {
    address: SocketAddr,
    upstream: String,
    connections: Arc<Mutex<CancellationToken>>,
    listening: Option<JoinHandle<()>>,
}

impl Relay {
    /// In front of what listens at `upstream`, a host and a port.
    ///
    /// # Panics
    /// When there is no port for it.
    pub async fn before(upstream: impl Into<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut relay = Self {
            address: listener.local_addr().unwrap(),
            upstream: upstream.into(),
            connections: Arc::default(),
            listening: None,
        };
        relay.listen(listener);
        relay
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection; new ones pass.
    ///
    /// # Panics
    /// When a test has failed already.
    pub fn cut(&self) {
        let mut connections = self.connections.lock().unwrap();
        connections.cancel();
        *connections = CancellationToken::new();
    }

    /// Ends every connection and listens no more.
    pub fn away(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
        self.cut();
    }

    /// Listens again.
    ///
    /// # Panics
    /// When somebody else took the port.
    pub async fn back(&mut self) {
        if self.listening.is_none() {
            let listener = supervisor::until("the port", crate::PATIENCE, async || {
                Ok(TcpListener::bind(self.address).await.ok())
            });
            let listener = listener.await.unwrap();
            self.listen(listener);
        }
    }

    fn listen(&mut self, listener: TcpListener) {
        let (upstream, connections) = (self.upstream.clone(), Arc::clone(&self.connections));
        self.listening = Some(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let ended = connections.lock().unwrap().clone();
                tokio::spawn(relay(client, upstream.clone(), ended));
            }
        }));
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.away();
    }
}

async fn relay(mut client: TcpStream, upstream: String, ended: CancellationToken) {
    let passing = async {
        let mut server = TcpStream::connect(upstream).await?;
        copy_bidirectional(&mut client, &mut server).await
    };
    tokio::select! {
        () = ended.cancelled() => {}
        // Whoever is at either end notices by itself.
        _ = passing => {}
    }
}
