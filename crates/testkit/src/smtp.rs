//! A mail server that keeps what it is sent, for a test to read.

use crate::{PATIENCE, until};
use mail_parser::MessageParser;
use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Who sent it, by the envelope.
    pub from: String,
    /// Who is to get it, by the envelope. A mail to several arrives once for each.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
    /// Every header as it was written, on one line; the names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The text, decoded; lines end in `\n`.
    pub text: String,
}

/// What the server has, and what it answers.
struct State {
    mails: Vec<Received>,
    code: u16,
    refused: bool,
}

/// An SMTP server on a port of its own. Dropping it hangs up.
pub struct SmtpSink {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl SmtpSink {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let state = Arc::new(Mutex::new(State {
            mails: Vec::new(),
            code: 250,
            refused: false,
        }));
        Self {
            address: listener.local_addr().unwrap(),
            state: Arc::clone(&state),
            server: tokio::spawn(serve(listener, state)),
        }
    }

    /// Where it is, as `SMTP_URL` has it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What it answers from now on when a mail's recipient is named: 250 takes the mail, 451 wants it
    /// later, 550 refuses it.
    pub fn answer(&self, code: u16) {
        lock(&self.state).code = code;
    }

    /// Every mail that it has, oldest first.
    pub fn mails(&self) -> Vec<Received> {
        lock(&self.state).mails.clone()
    }

    /// Waits for a mail to this address and takes it out, so that the next call gets the next one.
    ///
    /// # Panics
    /// When none comes.
    pub async fn wait_for(&self, to: &str) -> Received {
        let what = format!("A mail to {to}");
        until(&what, PATIENCE, async || Ok(self.take(to)))
            .await
            .unwrap()
    }

    /// Waits until a mail was refused, or wanted later.
    ///
    /// # Panics
    /// When none is.
    pub async fn refused(&self) {
        let refused = async || Ok(lock(&self.state).refused.then_some(()));
        until("A refused mail", PATIENCE, refused).await.unwrap();
    }

    fn take(&self, to: &str) -> Option<Received> {
        let mails = &mut lock(&self.state).mails;
        let at = mails.iter().position(|mail| mail.to == to)?;
        Some(mails.remove(at))
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let session = Session::new(stream, Arc::clone(&state));
        // A client that hangs up in the middle is no matter of the server's.
        tokio::spawn(async { drop(session.run().await) });
    }
}

/// One connection.
struct Session {
    lines: Lines<BufReader<OwnedReadHalf>>,
    output: OwnedWriteHalf,
    state: Arc<Mutex<State>>,
    from: String,
    to: Vec<String>,
}

impl Session {
    fn new(stream: TcpStream, state: Arc<Mutex<State>>) -> Self {
        let (input, output) = stream.into_split();
        Self {
            lines: BufReader::new(input).lines(),
            output,
            state,
            from: String::new(),
            to: Vec::new(),
        }
    }

    async fn run(mut self) -> io::Result<()> {
        self.say("220 sink").await?;
        while let Some(line) = self.lines.next_line().await? {
            let verb: String = line.chars().take(4).collect();
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.say("250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
                "HELO" | "NOOP" => self.say("250 yes").await?,
                "RSET" => {
                    self.to.clear();
                    self.say("250 yes").await?;
                }
                "MAIL" => {
                    self.from = path(&line);
                    self.to.clear();
                    self.say("250 yes").await?;
                }
                "RCPT" => self.recipient(&line).await?,
                "DATA" if self.to.is_empty() => self.say("503 to whom").await?,
                "DATA" => self.data().await?,
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("502 not here").await?,
            }
        }
        Ok(())
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.output
            .write_all(format!("{line}\r\n").as_bytes())
            .await
    }

    async fn recipient(&mut self, line: &str) -> io::Result<()> {
        let code = {
            let state = &mut lock(&self.state);
            state.refused |= state.code != 250;
            state.code
        };
        if code == 250 {
            self.to.push(path(line));
        }
        self.say(&format!("{code} so be it")).await
    }

    async fn data(&mut self) -> io::Result<()> {
        self.say("354 go on").await?;
        let mut lines = Vec::new();
        while let Some(line) = self.lines.next_line().await? {
            if line == "." {
                self.keep(&lines.join("\r\n"));
                return self.say("250 kept").await;
            }
            // A dot at the beginning was doubled for the journey.
            lines.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
        }
        Ok(())
    }

    fn keep(&mut self, raw: &str) {
        let message = MessageParser::default().parse(raw).unwrap();
        let mail = Received {
            from: self.from.clone(),
            to: String::new(),
            subject: message.subject().unwrap_or_default().to_owned(),
            headers: headers(&message),
            text: message
                .body_text(0)
                .unwrap_or_default()
                .replace("\r\n", "\n"),
        };
        let copies = self.to.drain(..).map(|to| Received { to, ..mail.clone() });
        lock(&self.state).mails.extend(copies);
    }
}

fn headers(message: &mail_parser::Message<'_>) -> BTreeMap<String, String> {
    message
        .headers_raw()
        .map(|(name, value)| {
            let lines: Vec<_> = value.lines().map(str::trim).collect();
            (name.to_lowercase(), lines.join(" ").trim().to_owned())
        })
        .collect()
}

/// What stands between the angle brackets of `MAIL FROM:<a@b>`.
fn path(line: &str) -> String {
    let after = line.split_once('<').map_or("", |(_, after)| after);
    after
        .split_once('>')
        .map_or("", |(path, _)| path)
        .to_owned()
}
