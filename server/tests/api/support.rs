//! What the tests of every URL share.

use reqwest::{Response, StatusCode, multipart::Form, multipart::Part};
use testkit::{Client, TestApp};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use wire::{Document, Problem};

/// The problem that an answer is, with everything that holds for every problem.
pub async fn problem(response: Response, status: u16) -> Problem {
    let headers = response.headers().clone();
    let got = response.status().as_u16();
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert!(headers.contains_key("x-request-id"));
    let problem: Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (problem.status, problem.type_.as_str()),
        (status, "about:blank")
    );
    assert!(
        problem.detail.ends_with('.'),
        "no sentence: {}",
        problem.detail
    );
    problem
}

/// The document that an answer is.
pub async fn document(response: Response, status: StatusCode) -> Document {
    let got = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// A form with one file.
pub fn form(name: &str, bytes: impl Into<Vec<u8>>) -> Form {
    Form::new().part("file", file(name, bytes))
}

/// A part that is a file.
pub fn file(name: &str, bytes: impl Into<Vec<u8>>) -> Part {
    Part::bytes(bytes.into()).file_name(name.to_owned())
}

/// Sends an upload's form.
pub async fn send_form(client: &Client, form: Form) -> Response {
    client
        .request(reqwest::Method::POST, "/api/documents/upload")
        .multipart(form)
        .send()
        .await
        .unwrap()
}

/// Nothing of a refused upload is left: no row, no job, no object.
pub async fn assert_nothing_left(app: &TestApp) {
    assert_eq!(
        app.database.number("SELECT count(*) FROM documents").await,
        0
    );
    assert_eq!(app.database.number("SELECT count(*) FROM jobs").await, 0);
    assert_eq!(app.bucket.keys().await, [""; 0]);
}

/// A connection on which a test says exactly what it wants to.
pub struct Raw(BufReader<TcpStream>);

impl Raw {
    pub async fn connect(base: &str) -> Self {
        let address = base.strip_prefix("http://").unwrap();
        Self(BufReader::new(TcpStream::connect(address).await.unwrap()))
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next answer's status line and headers.
    pub async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(
                self.0.read_line(&mut head).await.unwrap(),
                0,
                "closed after {head:?}"
            );
        }
        head
    }
}

/// Stands before a service, until a test has it go away.
pub struct Proxy {
    pub address: String,
    listening: JoinHandle<()>,
}

impl Proxy {
    /// A proxy of `target` (`host:port`).
    pub async fn start(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let listening = tokio::spawn(async move {
            // Ends with this task, and with it every connection.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = TcpStream::connect(&target).await.unwrap();
                connections
                    .spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
            }
        });
        Self { address, listening }
    }

    /// Closes the port and every connection through it.
    pub async fn go_away(self) {
        self.listening.abort();
        drop(self.listening.await);
    }
}

/// An address at which nobody listens.
pub async fn closed_port() -> String {
    TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string()
}
