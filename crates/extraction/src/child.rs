//! The child's side: takes its order, puts up the walls, reads the file, answers.

use crate::formats::{self, Job};
use crate::protocol::{EXIT_TRANSIENT, Found, MAX_THUMBNAIL, Reply, Request};
use crate::{Failure, confine, draw, text, thumbnail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustix::process::{Signal, kill_current_process_group};
use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// The longest work order: a path and a name, far below this.
const MAX_REQUEST: u64 = 64 << 10;

/// What the binary runs when its first argument is [`crate::CHILD_ARGUMENT`].
///
/// Call it before any thread is started: the walls stand around the calling thread and those that it
/// starts. When standard input ends, the whole process group is killed, so this is not to be called by
/// hand.
pub fn child_main() -> ExitCode {
    if let Some(path) = draw::asked() {
        return draw::main(&path);
    }
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
    let reply = Reply {
        walls,
        outcome: work(request, started),
    };
    let answer =
        serde_json::to_vec(&reply).map_err(|e| Failure::transient(format!("no answer: {e}")))?;
    let mut out = std::io::stdout().lock();
    out.write_all(&answer)
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

fn work(request: Request, started: Instant) -> Result<Found, Failure> {
    let job = Job::new(request, started);
    let content = formats::read(&job)?;

    let mut pages: Vec<String> = content.pages.iter().map(|page| text::clean(page)).collect();
    let cut = text::keep_within(&mut pages, job.request.output_bytes);
    if pages.is_empty() {
        pages.push(String::new());
    }
    let picture = content
        .thumbnail
        .or_else(|| thumbnail::of_text(pages.first().map_or("", String::as_str)));
    Ok(Found {
        page_count: content
            .page_count
            .unwrap_or_else(|| u32::try_from(pages.len()).unwrap_or(u32::MAX)),
        pages,
        thumbnail: picture
            .filter(|p| p.len() <= MAX_THUMBNAIL)
            .map(|p| STANDARD.encode(p)),
        truncated: content.truncated || cut,
        unread: content.unread,
        parts: content.parts,
        left_out: content.left_out,
        left_out_count: content.left_out_count,
    })
}
