//! The walls around the child, seen from a tool inside them: a script that stands in for poppler.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

mod common;

use common::files::{Page, pdf};
use common::{CHILD, child_with, extract_with, search_path, write_programs};
use extraction::{Extractor, Failure, Limits, Walls};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A directory of programs in which `pdftotext` is this script and `pdfinfo` counts one page.
fn tools(pdftotext: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    write_tools(directory.path(), pdftotext);
    directory
}

fn write_tools(directory: &Path, pdftotext: &str) {
    let scripts = [("pdfinfo", "echo 'Pages: 1'"), ("pdftotext", pdftotext)];
    write_programs(directory, &scripts);
}

fn any_pdf() -> Vec<u8> {
    pdf(&[Page::Text(&["words"])])
}

/// What the script prints as the text of the only page.
async fn told_by(script: &str, limits: Limits) -> String {
    let tools = tools(script);
    let found = extract_with(&child_with(tools.path(), limits), "a.pdf", &any_pdf())
        .await
        .unwrap();
    found.pages.join("\n")
}

#[tokio::test]
async fn tools_run_under_the_limits() {
    let limits = Limits {
        memory_bytes: 900 << 20,
        cpu: Duration::from_secs(77),
        file_bytes: 64 << 20,
        ..Limits::default()
    };
    let told = told_by(
        "echo \"limits: $(ulimit -v) $(ulimit -t) $(ulimit -f) $(ulimit -c)\"",
        limits,
    )
    .await;
    // In kilobytes, seconds, and blocks of 512 bytes.
    assert_eq!(told, "limits: 921600 77 131072 0");
}

#[tokio::test]
async fn tools_see_the_file_and_nothing_of_anybody_else() {
    let home = tempfile::tempdir().unwrap();
    let secret = home.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    let script = format!(
        "for f in '{0}' /etc/passwd /proc/$PPID/environ; do cat $f >/dev/null 2>&1 && echo \"can read $f\"; done
         (echo x >'{0}') 2>/dev/null && echo 'can write'
         (echo x >/tmp/docuvault-wall-test) 2>/dev/null && echo 'can make files'
         for a; do test -f \"$a\" && cat \"$a\" >/dev/null && echo 'can read the document'; done
         echo x >\"$TMPDIR/y\" && echo 'can write notes'",
        secret.display()
    );
    let told = told_by(&script, Limits::default()).await;
    assert_eq!(
        told, "can read the document\ncan write notes",
        "does this kernel have Landlock?"
    );
    assert_eq!(std::fs::read_to_string(secret).unwrap(), "secret");
}

/// Set for this binary when it stands in for a tool.
const INSIDE: &str = "TRY_TO_GET_OUT";

/// What the next test runs inside the walls: it tells what it can open there.
#[test]
fn tries_to_get_out() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    let socket = std::env::temp_dir().join("socket");
    let tries = [
        ("a UDP socket", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("a TCP socket", TcpListener::bind("127.0.0.1:0").is_ok()),
        ("a Unix socket", UnixDatagram::unbound().is_ok()),
        ("a pair of sockets", UnixStream::pair().is_ok()),
        (
            "a listening Unix socket",
            UnixListener::bind(socket).is_ok(),
        ),
    ];
    for (what, opened) in tries {
        let could = if opened { "can" } else { "can't" };
        println!("[it {could} open {what}]");
    }
}

#[tokio::test]
async fn tools_reach_no_network() {
    // Beside this binary, so that it can be linked: it is large.
    let this = std::env::current_exe().unwrap();
    let directory = tempfile::tempdir_in(this.parent().unwrap()).unwrap();
    std::fs::hard_link(&this, directory.path().join("tries")).unwrap();
    let script = format!(
        "{INSIDE}=1 exec '{}/tries' --exact tries_to_get_out --nocapture",
        directory.path().display()
    );
    write_tools(directory.path(), &script);
    let child = child_with(directory.path(), Limits::default());
    let found = extract_with(&child, "a.pdf", &any_pdf()).await.unwrap();
    assert_eq!(
        found.walls,
        Walls {
            files: true,
            network: true
        }
    );
    let told = found.pages.join("\n");
    assert_eq!(told.matches("[it can't open ").count(), 5, "{told}");
    assert!(!told.contains("[it can open"), "{told}");
}

#[tokio::test]
async fn a_tool_that_computes_for_ever_is_ended() {
    let tools = tools("while :; do :; done");
    let limits = Limits {
        cpu: Duration::from_secs(1),
        ..Limits::default()
    };
    let result = extract_with(&child_with(tools.path(), limits), "a.pdf", &any_pdf()).await;
    assert!(
        matches!(&result, Err(Failure::Killed(said)) if said.contains("computing time")),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_tool_that_floods_is_cut_off() {
    let limits = Limits {
        output_bytes: 10_000,
        ..Limits::default()
    };
    let tools = tools("i=0; while [ $i -lt 3000 ]; do echo 'a line of text'; i=$((i+1)); done");
    let found = extract_with(&child_with(tools.path(), limits), "a.pdf", &any_pdf())
        .await
        .unwrap();
    assert!(found.truncated);
    assert!(found.pages.concat().len() <= 10_000);
}

#[tokio::test]
async fn a_missing_tool_is_the_machines_fault() {
    let empty = tempfile::tempdir().unwrap();
    let only = Extractor::new(
        "/usr/bin/env".into(),
        vec![format!("PATH={}", empty.path().display()), CHILD.into()],
        Limits::default(),
    );
    let result = extract_with(&only, "a.pdf", &any_pdf()).await;
    assert!(
        matches!(&result, Err(Failure::Transient(said)) if said.contains("pdftotext")),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_language_that_is_not_installed_is_the_machines_fault() {
    let limits = Limits {
        ocr_languages: "xxx".to_owned(),
        ..Limits::default()
    };
    let picture = common::pictures::written(&["words"]);
    let result = extract_with(
        &common::with_limits(limits),
        "a.jpg",
        &common::pictures::jpeg(&picture),
    )
    .await;
    assert!(
        matches!(&result, Err(Failure::Transient(said)) if said.contains("xxx")),
        "{result:?}"
    );
}

/// When the worker is killed, it can't clean up: the child must notice by itself.
#[test]
fn child_and_tools_die_with_the_parent() {
    let scratch = tempfile::tempdir().unwrap();
    let alive = scratch.path().join("alive");
    assert!(
        Command::new("mkfifo")
            .arg(&alive)
            .status()
            .unwrap()
            .success()
    );
    let tools = tools("exec 3>\"$TMPDIR/alive\"; echo started >&3; sleep 600 & sleep 600");
    let document = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(document.path(), any_pdf()).unwrap();
    let order = serde_json::json!({
        "path": document.path(), "scratch": scratch.path(), "file_type": "pdf", "file_name": "a.pdf",
        "memory_bytes": 1_u64 << 30, "wall_ms": 600_000, "cpu_seconds": 60, "output_bytes": 1_000_000,
        "file_bytes": 1_000_000, "processes": 4096, "max_pages": 10, "max_parts": 10, "parts_bytes": 1_000_000, "ocr_languages": "eng",
    });

    let mut child = Command::new("/usr/bin/env")
        .args([&search_path(tools.path()), CHILD])
        .env("TMPDIR", scratch.path())
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut parents_end = child.stdin.take().unwrap();
    writeln!(parents_end, "{order}").unwrap();
    let mut told = BufReader::new(std::fs::File::open(&alive).unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");

    drop(parents_end);
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    told.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(
        std::fs::read_dir(scratch.path()).unwrap().count(),
        0,
        "what was written is gone too"
    );
}
