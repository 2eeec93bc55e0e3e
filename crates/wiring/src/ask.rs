//! One question to a process on this machine, over HTTP: for health checks, which come every few
//! seconds. A client library would read certificates and start a pool for each.

use anyhow::{Context, Result};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long everything may take: less than the four seconds that containers give a health check, and more
/// than the three that the server gives each of its parts.
const PATIENCE: Duration = Duration::from_millis(3_500);

/// The most that is read of an answer.
const MAX_BYTES: u64 = 1024 * 1024;

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The text.
    pub text: String,
}

/// Asks for a path whoever listens at that address; where that is every address, at this machine's own.
///
/// # Errors
/// When nobody listens, or no answer comes in time. The text says where.
pub async fn ask(listening: SocketAddr, path: &str) -> Result<Answer> {
    let at = SocketAddr::new(reachable(listening.ip()), listening.port());
    let answer = tokio::time::timeout(PATIENCE, converse(at, path)).await;
    let bytes = answer
        .with_context(|| format!("http://{at}{path} gave no answer in time"))?
        .with_context(|| format!("http://{at}{path} can't be asked"))?;
    parse(&bytes).with_context(|| format!("http://{at}{path} did not answer as HTTP servers do"))
}

fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

/// In the old version of HTTP: an answer ends with its connection, and is never sent in chunks.
async fn converse(at: SocketAddr, path: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(at).await?;
    let request = format!("GET {path} HTTP/1.0\r\nhost: {at}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MAX_BYTES).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut words = head.split_ascii_whitespace();
    let is_http = words.next()?.starts_with("HTTP/");
    let status = words.next()?.parse().ok()?;
    is_http.then(|| Answer {
        status,
        text: body.to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read() {
        let bytes =
            b"HTTP/1.0 503 Service Unavailable\r\ncontent-type: text/plain\r\n\r\nno\r\n\r\nway";
        let answer = parse(bytes).unwrap();
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (503, "no\r\n\r\nway")
        );
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for bytes in [
            "",
            "HTTP/1.0 200 OK\r\n",
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.0 ok\r\n\r\n",
            "a 200\r\n\r\n",
        ] {
            assert_eq!(parse(bytes.as_bytes()), None, "{bytes}");
        }
    }

    #[test]
    fn who_listens_everywhere_is_asked_on_this_machine() {
        for (listening, asked) in [
            ("0.0.0.0", "127.0.0.1"),
            ("::", "::1"),
            ("192.0.2.7", "192.0.2.7"),
        ] {
            let asked: IpAddr = asked.parse().unwrap();
            assert_eq!(reachable(listening.parse().unwrap()), asked);
        }
    }

    #[tokio::test]
    async fn nobody_there_is_told_with_the_address() {
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = free.local_addr().unwrap();
        drop(free);
        let told = ask(at, "/health").await.unwrap_err().to_string();
        assert!(told.contains(&at.to_string()), "{told}");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_none(status in "[0-9]{0,6}", rest: Vec<u8>) {
            let _either = parse(&rest);
            let bytes = [format!("HTTP/1.0 {status} x\r\n\r\n").as_bytes(), &rest].concat();
            proptest::prop_assert_eq!(parse(&bytes).map(|answer| answer.status), status.parse().ok());
        }
    }
}
