//! The parent's side: starts the child, listens, and ends it.

use crate::extractor::{Claim, Extracted, Extractor};
use crate::parts::{FoundPart, Parts, sensible};
use crate::protocol::{Drawn, EXIT_TRANSIENT, MAX_THUMBNAIL, Reply, Request, max_reply_bytes};
use crate::scratch::{self, Scratch};
use crate::{Failure, Limits};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustix::process::{Pid, Signal, kill_process_group};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// Far more pages than are read of any file; each becomes a row.
const MOST_PAGES: usize = 100_000;

/// How much of the child's standard error goes to the log.
const MAX_STDERR: u64 = 16 << 10;

/// Runs one file through a child, until it answers, its time is over, or the caller is `gone`.
pub(crate) async fn run(
    extractor: Extractor,
    path: PathBuf,
    claimed: Claim,
    gone: oneshot::Receiver<()>,
) -> Result<Extracted, Failure> {
    let absent = |e| Failure::transient(format!("the file to be read is not there: {e}"));
    let path = tokio::fs::canonicalize(&path).await.map_err(absent)?;
    let size = tokio::fs::metadata(&path).await.map_err(absent)?.len();
    let limits = extractor.limits.beside(size);
    let scratch = Scratch::new()?;
    let request = Request::new(
        path,
        scratch.path().to_owned(),
        claimed.file_type,
        claimed.file_name,
        &limits,
    );
    let line = serde_json::to_vec(&request)
        .map_err(|e| Failure::transient(format!("the child's order could not be written: {e}")))?;
    let mut child = start(&extractor, scratch.path())?;
    let group = Group::of(&child);

    let outcome = tokio::select! {
        answer = listen(&mut child, &group, line, &limits) => answer,
        () = tokio::time::sleep(limits.wall) => Err(out_of_time(limits.wall)),
        _ = gone => Err(Failure::transient("the caller went away")),
    };
    // Tools that outlived the child end here too, before their directory goes.
    drop(group);
    let _reaped = child.wait().await;
    match outcome {
        Ok((extracted, found)) if !found.is_empty() => Ok(Extracted {
            parts: Parts::new(found, limits.max_parts, scratch),
            ..extracted
        }),
        outcome => {
            // A hostile file may have taken the child over, and would be read again for ever.
            let doubtful = matches!(outcome, Err(Failure::NoRoom(_)))
                && has_ample_room(&scratch, limits.space_bytes).await;
            scratch.remove().await;
            match outcome.map(|(extracted, _no_parts)| extracted) {
                Err(Failure::NoRoom(said)) if doubtful => Err(Failure::Transient(said)),
                outcome => outcome,
            }
        }
    }
}

/// Whether there is as much room as one file may ever take, though this one's files are still there.
async fn has_ample_room(scratch: &Scratch, space: u64) -> bool {
    let path = scratch.path().to_owned();
    let room = tokio::task::spawn_blocking(move || scratch::room(&path)).await;
    matches!(room, Ok(Ok(room)) if room >= space)
}

/// What the child's answer says, and which parts it says that it took out.
type Answer = (Extracted, Vec<FoundPart>);

fn start(extractor: &Extractor, scratch: &Path) -> Result<Child, Failure> {
    let mut command = Command::new(&extractor.program);
    command.args(&extractor.args).env_clear();
    for name in ["PATH", "TESSDATA_PREFIX"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("LANG", "C.UTF-8")
        .env("OMP_THREAD_LIMIT", "1")
        // Else the thread that draws asks the kernel for every page of its heap by itself.
        .env("MALLOC_ARENA_MAX", "1")
        .env("TMPDIR", scratch)
        .current_dir(scratch)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| Failure::transient(format!("the extraction child could not be started: {e}")))
}

/// The child's process group, which its tools belong to as well; killed when this is dropped.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(
            child
                .id()
                .and_then(|id| i32::try_from(id).ok())
                .and_then(Pid::from_raw),
        )
    }

    fn kill(&self) {
        if let Some(pid) = self.0 {
            // An error means that nobody is left in the group.
            let _none_left = kill_process_group(pid, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn listen(
    child: &mut Child,
    group: &Group,
    mut line: Vec<u8>,
    limits: &Limits,
) -> Result<Answer, Failure> {
    let (Some(mut stdin), Some(stdout), Some(stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(Failure::transient("the extraction child has no pipes"));
    };
    line.push(b'\n');
    // A child that dies early closes the pipe; its exit status then tells more than this error.
    let order = async { drop(stdin.write_all(&line).await) };
    let cap = max_reply_bytes(limits);
    let answer = async {
        let answer = read_capped(stdout, cap.saturating_add(1)).await;
        if answer.len() as u64 > cap {
            group.kill();
        }
        answer
    };
    let end = async {
        let status = child.wait().await;
        // What it leaves running would hold the pipes open.
        group.kill();
        status
    };
    let ((), answer, notes, status) = tokio::join!(order, answer, read_and_drain(stderr), end);
    // Only now: the end of this pipe tells the child that nobody listens any more.
    drop(stdin);
    if answer.len() as u64 > cap {
        return Err(Failure::died());
    }
    let status = status.map_err(|e| Failure::transient(format!("the child was lost: {e}")))?;
    let notes = String::from_utf8_lossy(&notes);
    judge(status, &answer, notes.trim(), limits.all_walls)
}

async fn read_capped(pipe: impl AsyncRead + Unpin, cap: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A broken pipe ends the answer; what is there is judged with the exit status.
    let _until_broken = pipe.take(cap).read_to_end(&mut bytes).await;
    bytes
}

/// Reads to the end, so that the child never blocks on a full pipe, and keeps the beginning.
async fn read_and_drain(mut pipe: impl AsyncRead + Unpin) -> Vec<u8> {
    let kept = read_capped(&mut pipe, MAX_STDERR).await;
    let _rest = tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await;
    kept
}

fn judge(
    status: ExitStatus,
    answer: &[u8],
    notes: &str,
    all_walls: bool,
) -> Result<Answer, Failure> {
    if !status.success() {
        tracing::warn!(%status, notes, "the extraction child failed");
    } else if !notes.is_empty() {
        tracing::debug!(notes, "the extraction child left notes");
    }
    let mut lines = answer.splitn(2, |byte| *byte == b'\n');
    match (status.code(), lines.next(), lines.next()) {
        // What was found counts, however the drawing ended.
        (_, Some(found), Some(drawn)) => accept(found, drawn, all_walls),
        (Some(0), ..) => accept(answer, b"", all_walls),
        (Some(code), ..) if code == i32::from(EXIT_TRANSIENT) => Err(Failure::transient(notes)),
        // Rust's exit code after a panic: the same bytes would panic again.
        (Some(101), ..) => Err(Failure::permanent(
            "The file could not be read: it confuses the reader. It may be damaged; upload another copy.",
        )),
        _ => Err(Failure::died()),
    }
}

/// Takes the child's answer with suspicion: a hostile file may have taken the child over.
fn accept(found: &[u8], drawn: &[u8], all_walls: bool) -> Result<Answer, Failure> {
    let Ok(reply) = serde_json::from_slice::<Reply>(found) else {
        return Err(Failure::Killed(
            "Reading the file ended without a result. It may be damaged.".to_owned(),
        ));
    };
    if let Some(missing) = reply.walls.missing() {
        if all_walls {
            return Err(Failure::transient(missing));
        }
        warn_once(&missing);
    }
    let found = reply.outcome?;
    let drawn = match serde_json::from_slice::<Drawn>(drawn) {
        Ok(Ok(drawn)) => drawn,
        // With room for it, there will be a picture.
        Ok(Err(full @ Failure::NoRoom(_))) => return Err(full),
        // It was not to be drawn, could not be, or that came to no end.
        Ok(Err(_)) | Err(_) => None,
    };
    let mut pages = found.pages;
    pages.truncate(MOST_PAGES);
    for page in &mut pages {
        // PostgreSQL refuses NUL in text.
        page.retain(|c| c != '\0');
    }
    if pages.is_empty() {
        pages.push(String::new());
    }
    let thumbnail = found
        .thumbnail
        .or(drawn)
        .and_then(|text| STANDARD.decode(text).ok())
        .filter(|bytes| is_thumbnail(bytes));
    let extracted = Extracted {
        pages,
        page_count: found.page_count.max(1),
        thumbnail,
        truncated: found.truncated,
        unread: found.unread,
        parts: Parts::default(),
        left_out: sensible(found.left_out),
        left_out_count: found.left_out_count,
        walls: reply.walls,
    };
    Ok((extracted, found.parts))
}

fn is_thumbnail(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_THUMBNAIL && bytes.starts_with(&[0xff, 0xd8, 0xff])
}

fn warn_once(missing: &str) {
    static SAID: std::sync::Once = std::sync::Once::new();
    SAID.call_once(|| tracing::warn!("files are read without all walls: {missing}"));
}

fn out_of_time(wall: Duration) -> Failure {
    Failure::Killed(format!(
        "Reading the file took longer than {} and was stopped. Upload a smaller or simpler copy.",
        spoken(wall)
    ))
}

fn spoken(time: Duration) -> String {
    match time.as_secs() {
        0..=1 => "one second".to_owned(),
        s @ 2..=119 => format!("{s} seconds"),
        s => format!("{} minutes", s / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::os::unix::process::ExitStatusExt;

    /// What a hostile child could answer, from well-formed pieces.
    fn answer() -> impl Strategy<Value = String> {
        let text = "[a-z\\\\\"\u{0}\u{7}ä🦀/.:]{0,40}";
        let part = (any::<u32>(), text)
            .prop_map(|(number, path)| serde_json::json!({ "number": number, "path": path }));
        let left_out = (text, text)
            .prop_map(|(path, reason)| serde_json::json!({ "path": path, "reason": reason }));
        let lists = (
            prop::collection::vec(text, 0..5),
            prop::collection::vec(part, 0..5),
            prop::collection::vec(left_out, 0..30),
        );
        (lists, any::<u32>(), prop::option::of(text)).prop_map(
            |((pages, parts, left_out), count, thumbnail)| {
                serde_json::json!({ "walls": { "files": true, "network": true }, "outcome": { "Ok": {
                "pages": pages, "page_count": count, "thumbnail": thumbnail, "truncated": false,
                "parts": parts, "left_out": left_out, "left_out_count": count,
            } } })
                .to_string()
            },
        )
    }

    /// How a child ends with that exit code.
    fn ended(code: u8) -> ExitStatus {
        ExitStatus::from_raw(i32::from(code) << 8)
    }

    const FOUND: &str = r#"{ "walls": { "files": true, "network": true }, "outcome": { "Ok":
        { "pages": ["words"], "page_count": 1, "thumbnail": null, "truncated": false } } }"#;

    fn judged(status: ExitStatus, drawn: &str) -> Result<Extracted, Failure> {
        let answer = format!("{}\n{drawn}", FOUND.replace('\n', ""));
        judge(status, answer.as_bytes(), "", true).map(|(extracted, _no_parts)| extracted)
    }

    #[test]
    fn what_was_found_counts_however_the_drawing_ended() {
        let killed = ExitStatus::from_raw(9);
        for (status, drawn) in [
            (killed, ""),
            (ended(101), ""),
            (ended(EXIT_TRANSIENT), r#"{"Ok":"AAA"#),
            (ended(0), r#"{"Ok":null}"#),
            (ended(0), r#"{"Err":{"Transient":"no process"}}"#),
            (ended(0), r#"{"Err":{"Permanent":"no picture"}}"#),
        ] {
            let found = judged(status, drawn).expect("the text");
            assert_eq!(
                (found.pages.concat().as_str(), found.thumbnail),
                ("words", None)
            );
        }
        let found = judged(ended(0), r#"{"Ok":"/9j/AAAA"}"#).expect("the text");
        assert_eq!(
            found.thumbnail.as_deref(),
            Some(&[0xff, 0xd8, 0xff, 0, 0, 0][..])
        );
    }

    #[test]
    fn a_folder_that_is_full_while_it_is_drawn_is_told() {
        let full = judged(ended(0), r#"{"Err":{"NoRoom":"full"}}"#);
        assert_eq!(full.err(), Some(Failure::NoRoom("full".to_owned())));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn any_bytes_are_judged(bytes: Vec<u8>, more: Vec<u8>, code: u8) {
            prop_assert!(accept(&bytes, &more, false).is_err());
            let answer = [bytes, more].concat();
            prop_assert!(judge(ended(code), &answer, "", false).is_err());
        }

        #[test]
        fn any_answer_is_made_sensible(answer in answer(), cut in 0..200_usize) {
            let cut = answer.len().saturating_sub(cut);
            let _either = accept(answer.as_bytes().get(..cut).unwrap_or_default(), b"", false);
            let (extracted, parts) = accept(answer.as_bytes(), b"", false).expect("well-formed");
            prop_assert!(!extracted.pages.is_empty() && extracted.page_count > 0);
            prop_assert!(!extracted.pages.concat().contains('\0'));
            prop_assert!(extracted.thumbnail.is_none());
            prop_assert!(extracted.left_out.len() <= crate::parts::MAX_REASONS);
            let parts = Parts::new(parts, 3, Scratch::new().expect("a directory"));
            prop_assert!(parts.len() <= 3);
            for part in parts.iter() {
                prop_assert!(parts.open(part).is_err());
            }
        }
    }
}
