//! Stands before the object store and lets it fail: late, cut off, refusing, or held just where a test
//! wants to kill somebody.
//!
//! Every request gets a connection of its own, so that its head is all that has to be understood.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// A request on its way to the store.
#[derive(Clone, Debug)]
pub struct Passing {
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub path: String,
    /// How many came before it since the faults were chosen.
    pub number: usize,
    body_bytes: u64,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It passes.
    None,
    /// It is answered with this status, and the store never sees it.
    Status(u16),
    /// Its connection ends without an answer, and the store never sees it.
    Cut,
    /// The store does what is asked, and the answer is lost.
    CutAnswer,
    /// It reaches the store that much later.
    Late(Duration),
    /// It is held before it reaches the store.
    HoldRequest,
    /// The store does what is asked, and the answer is held.
    HoldAnswer,
}

type Chooser = Arc<dyn Fn(&Passing) -> Fault + Send + Sync>;

struct Shared {
    upstream: String,
    chooser: Mutex<Chooser>,
    number: AtomicUsize,
    held: watch::Sender<usize>,
    /// Whether what was held until now goes on; sent for every release.
    released: watch::Sender<bool>,
}

/// The relay before the store.
pub struct FaultyStore {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

impl FaultyStore {
    /// In front of the store at `endpoint`; everything passes.
    ///
    /// # Panics
    /// When there is no port for it.
    pub async fn before(endpoint: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Shared {
            upstream: endpoint
                .trim_start_matches("http://")
                .trim_end_matches('/')
                .to_owned(),
            chooser: Mutex::new(Arc::new(|_| Fault::None)),
            number: AtomicUsize::new(0),
            held: watch::Sender::new(0),
            released: watch::Sender::new(true),
        };
        let mut store = Self {
            address: listener.local_addr().unwrap(),
            shared: Arc::new(shared),
            listening: None,
        };
        store.listen(listener);
        store
    }

    /// Where it is reached.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has requests fail as `chooser` says, from now on.
    ///
    /// # Panics
    /// When a test has failed already.
    pub fn fail(&self, chooser: impl Fn(&Passing) -> Fault + Send + Sync + 'static) {
        self.shared.number.store(0, Ordering::SeqCst);
        *self.shared.chooser.lock().unwrap() = Arc::new(chooser);
    }

    /// Lets everything pass again, and what is held go on.
    pub fn heal(&self) {
        self.fail(|_| Fault::None);
        self.release(true);
    }

    /// Ends the connections of what is held.
    pub fn cut_held(&self) {
        self.release(false);
    }

    fn release(&self, goes_on: bool) {
        self.shared.held.send_replace(0);
        self.shared.released.send_replace(goes_on);
    }

    /// Waits until something is held.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn held(&self) {
        let mut held = self.shared.held.subscribe();
        let held = held.wait_for(|count| *count > 0);
        let held = tokio::time::timeout(crate::PATIENCE, held).await;
        held.expect("nothing was held").unwrap();
    }

    /// Listens no more.
    pub fn away(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
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
        let shared = Arc::clone(&self.shared);
        self.listening = Some(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                // A connection that breaks is for both ends to notice.
                tokio::spawn(async move { pass(client, &shared).await });
            }
        }));
    }
}

impl Drop for FaultyStore {
    fn drop(&mut self) {
        self.away();
    }
}

impl Shared {
    fn choose(&self, passing: &mut Passing) -> Fault {
        passing.number = self.number.fetch_add(1, Ordering::SeqCst);
        let chooser = Arc::clone(&self.chooser.lock().unwrap());
        chooser(passing)
    }

    /// Waits for the next release.
    async fn hold(&self) -> io::Result<()> {
        let mut released = self.released.subscribe();
        self.held.send_modify(|count| *count += 1);
        let goes_on = released.changed().await.is_ok() && *released.borrow();
        match goes_on {
            true => Ok(()),
            false => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

async fn pass(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    let (head, rest) = read_head(&mut client).await?;
    let mut passing = parse(&head);
    let fault = shared.choose(&mut passing);
    match fault {
        Fault::Cut => return Ok(()),
        Fault::Status(status) => return refuse(client, &passing, rest.len() as u64, status).await,
        Fault::Late(delay) => tokio::time::sleep(delay).await,
        Fault::HoldRequest => shared.hold().await?,
        Fault::None | Fault::CutAnswer | Fault::HoldAnswer => {}
    }
    let mut server = TcpStream::connect(&shared.upstream).await?;
    server.write_all(alone(&head).as_bytes()).await?;
    server.write_all(&rest).await?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let answer = async {
        let mut first = vec![0; 64 * 1024];
        let size = from_server.read(&mut first).await?;
        match fault {
            Fault::CutAnswer => return Ok(()),
            Fault::HoldAnswer => shared.hold().await?,
            _ => {}
        }
        to_client.write_all(&first[..size]).await?;
        io::copy(&mut from_server, &mut to_client).await.map(drop)
    };
    tokio::select! {
        answered = answer => answered,
        // It ends only with its client, and a dead client's request ends here.
        sent = io::copy(&mut from_client, &mut to_server) => sent.map(drop),
    }
}

/// A request's head, and what came along of its body.
async fn read_head(client: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), rest));
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn parse(head: &str) -> Passing {
    let mut words = head.split_whitespace();
    let mut word = || words.next().unwrap_or_default().to_owned();
    let body_bytes = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.eq_ignore_ascii_case("content-length")).then(|| value.trim().parse().ok())?
    });
    Passing {
        method: word(),
        path: word(),
        number: 0,
        body_bytes: body_bytes.unwrap_or_default(),
    }
}

/// The head of a request after which the store ends the connection.
fn alone(head: &str) -> String {
    head.replacen("\r\n", "\r\nconnection: close\r\n", 1)
}

/// Answers once the request is there as a whole: who is still sending does not listen.
async fn refuse(mut client: TcpStream, passing: &Passing, had: u64, status: u16) -> io::Result<()> {
    let missing = passing.body_bytes.saturating_sub(had);
    io::copy(&mut (&mut client).take(missing), &mut io::sink()).await?;
    let answer =
        format!("HTTP/1.1 {status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    client.write_all(answer.as_bytes()).await?;
    client.shutdown().await
}
