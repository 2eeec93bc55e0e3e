//! The child's side: takes its order, puts up the walls, reads the file, answers.

use crate::formats::{self, Content, Job, Picture, pdf};
use crate::protocol::{Drawn, EXIT_TRANSIENT, Found, MAX_THUMBNAIL, Reply, Request};
use crate::{Failure, confine, text, thumbnail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustix::process::{Signal, kill_current_process_group};
use serde::Serialize;
use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// The longest work order: a path and a name, far below this.
const MAX_REQUEST: u64 = 64 << 10;

/// What the [reader](crate::READER) does.
///
/// Call it before any thread is started: the walls stand around the calling thread and those that it
/// starts. When standard input ends, the whole process group is killed, so this is not to be called by
/// hand.
pub fn child_main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(EXIT_TRANSIENT)
        }
    }
}

fn serve() -> Result<(), Failure> {
    let started = Instant::now();
    let request = read_request()?;
    let walls = confine::confine(&request)?;
    die_with_parent(request.scratch.clone())?;
    let job = Job::new(request, started);
    let (outcome, undrawn) = match formats::read(&job) {
        Ok(content) => {
            let (found, undrawn) = found(&job, content);
            (Ok(found), undrawn)
        }
        Err(failure) => (Err(failure), None),
    };
    say(&Reply { walls, outcome })?;
    // From here on nothing can cost the text any more.
    match undrawn {
        Some(text) => {
            say::<Drawn>(&pdf::first_page(&job, &text).map(|drawn| picture(drawn, &text)))
        }
        None => Ok(()),
    }
}

/// One line of the answer.
fn say<T: Serialize>(what: &T) -> Result<(), Failure> {
    let mut line =
        serde_json::to_vec(what).map_err(|e| Failure::transient(format!("no answer: {e}")))?;
    line.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&line)
        .and_then(|()| out.flush())
        .map_err(|e| Failure::transient(format!("nobody takes the answer: {e}")))
}

fn read_request() -> Result<Request, Failure> {
    let mut line = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_REQUEST)
        .read_until(b'\n', &mut line)
        .map_err(|e| Failure::transient(format!("no order on standard input: {e}")))?;
    serde_json::from_slice(&line)
        .map_err(|e| Failure::transient(format!("the order is not understood: {e}")))
}

/// Ends the whole group when the parent's end of standard input closes, which also happens when the
/// parent is killed. Its directory can't be removed from inside the walls, its content can.
fn die_with_parent(scratch: PathBuf) -> Result<(), Failure> {
    std::thread::Builder::new()
        .name("die-with-parent".to_owned())
        .spawn(move || {
            let _end_or_error = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            let _the_rest_stays = empty(&scratch);
            let _ends_this_process_too = kill_current_process_group(Signal::KILL);
        })
        .map(drop)
        .map_err(|e| Failure::transient(format!("no thread could be started: {e}")))
}

fn empty(directory: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        std::fs::remove_file(entry?.path())?;
    }
    Ok(())
}

/// What is told of the content, and the text of the first page if that is still to be drawn.
fn found(job: &Job, content: Content) -> (Found, Option<String>) {
    let mut pages: Vec<String> = content.pages.iter().map(|page| text::clean(page)).collect();
    let cut = text::keep_within(&mut pages, job.request.output_bytes);
    if pages.is_empty() {
        pages.push(String::new());
    }
    let first = pages.first().map_or("", String::as_str);
    let (thumbnail, undrawn) = match content.picture {
        Picture::OfFirstPage => (None, Some(first.to_owned())),
        Picture::Made(made) => (picture(made, first), None),
    };
    let found = Found {
        page_count: content
            .page_count
            .unwrap_or_else(|| u32::try_from(pages.len()).unwrap_or(u32::MAX)),
        pages,
        thumbnail,
        truncated: content.truncated || cut,
        unread: content.unread,
        parts: content.parts,
        left_out: content.left_out,
        left_out_count: content.left_out_count,
    };
    (found, undrawn)
}

/// What is shown of a file: its picture, else its text, as the answer holds it.
fn picture(made: Option<Vec<u8>>, text: &str) -> Option<String> {
    made.or_else(|| thumbnail::of_text(text))
        .filter(|picture| picture.len() <= MAX_THUMBNAIL)
        .map(|picture| STANDARD.encode(picture))
}
