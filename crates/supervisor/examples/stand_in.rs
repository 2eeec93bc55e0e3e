//! Stands in for server and worker in the tests of the supervisor, so that these need no build of
//! the real ones. As a server it answers every request with an empty vault; its output is a log of
//! what it was asked and told.

use std::env::{args, var};
use std::path::{Path, PathBuf};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The link that makes the first account, and how its maker signs in from then on.
const LINK: &str = "http://stand-in/setup?token=dvs_stand_in";
const TOKEN: &str = "dva_stand_in";

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let mut arguments = args();
    let program = arguments.next().unwrap_or_default();
    match arguments.next().as_deref() {
        Some("migrate") => {
            println!("migrating as {}", var("DATABASE_MIGRATE_URL").is_ok());
            return Ok(());
        }
        Some("setup-link") => {
            println!("{LINK}");
            return Ok(());
        }
        _ => {}
    }
    println!(
        "knows the migrate role: {}",
        var("DATABASE_MIGRATE_URL").is_ok()
    );
    if program.ends_with("server") {
        serve(&Path::new(&program).with_file_name("was-set-up")).await
    } else {
        work().await;
        Ok(())
    }
}

/// What lasts from one start to the next is a file that says that an account was made.
async fn serve(was_set_up: &Path) -> std::io::Result<()> {
    let listener = TcpListener::bind(var("LISTEN").unwrap_or_default()).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream, was_set_up.to_owned()));
    }
}

async fn answer(mut stream: TcpStream, was_set_up: PathBuf) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !is_whole(&request) {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let request = String::from_utf8_lossy(&request);
    println!("{}", request.lines().next().unwrap_or_default());
    let wants_set_up = !was_set_up.exists();
    if request.starts_with("POST /api/auth/setup") && request.contains("dvs_stand_in") {
        std::fs::write(&was_set_up, "")?;
    }
    if request.contains(&format!("Bearer {TOKEN}")) {
        println!("with the admin's token");
    }
    let answer = format!(
        r#"{{"status":"ok","total":0,"topics":[],"wants_set_up":{wants_set_up},"access_token":"session","token":"{TOKEN}"}}"#
    );
    let length = answer.len();
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
    let text = format!("{head}\r\ncontent-length: {length}\r\n\r\n{answer}");
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
