//! Stands in for server and worker in the tests of the supervisor, so that these need no build of
//! the real ones. As a server it answers every request with an empty vault; its output is a log of
//! what it was asked and told.

use std::env::{args, var};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ANSWER: &str = r#"{"status":"ok","total":0,"topics":[]}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let mut arguments = args();
    let program = arguments.next().unwrap_or_default();
    if arguments.next().as_deref() == Some("migrate") {
        println!("migrating as {}", var("DATABASE_MIGRATE_URL").is_ok());
        return Ok(());
    }
    println!(
        "knows the migrate role: {}",
        var("DATABASE_MIGRATE_URL").is_ok()
    );
    if program.ends_with("server") {
        serve().await
    } else {
        work().await;
        Ok(())
    }
}

async fn serve() -> std::io::Result<()> {
    let listener = TcpListener::bind(var("LISTEN").unwrap_or_default()).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !is_whole(&request) {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let request = String::from_utf8_lossy(&request);
    println!("{}", request.lines().next().unwrap_or_default());
    let length = ANSWER.len();
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
    let text = format!("{head}\r\ncontent-length: {length}\r\n\r\n{ANSWER}");
    stream.write_all(text.as_bytes()).await
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.parse::<usize>().ok());
    body.len() >= length.unwrap_or(0)
}

/// Works for ever, unless it was told to fail.
async fn work() {
    if var("STAND_IN_FAILS").is_ok() {
        println!("the work is too much");
        std::process::exit(7);
    }
    std::future::pending::<()>().await;
}
