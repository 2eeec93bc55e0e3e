//! Runs programs inside the child's walls: poppler's, and tesseract.

use crate::formats::Job;
use crate::{Failure, scratch};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How much of a tool's complaints is looked at.
const MAX_COMPLAINT: u64 = 64 << 10;
/// How often it is asked whether a tool has ended, where the kernel can't tell.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// With less than this left after a tool ran, what it wrote may be cut off.
const LEAST_ROOM: u64 = 64 << 10;

/// What a tool left behind.
pub(crate) struct Finished {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    /// Whether there was more output than is kept.
    pub cut: bool,
    pub complaint: String,
    /// Whether its time was over before it ended.
    pub late: bool,
}

impl Finished {
    /// The failure of a tool that was ended: out of memory, out of time, crashed.
    pub fn killed(&self) -> Option<Failure> {
        match self.late {
            true => Some(Failure::too_slow()),
            false => self.status.signal().map(|_| Failure::died()),
        }
    }
}

/// Runs a tool to its end, or until a time. Its output goes through files in the scratch directory:
/// they are bounded by the file size limit, and nothing can block on a full pipe.
///
/// # Errors
/// `Transient` when the tool is not installed, `NoRoom` when the directory is full.
pub(crate) fn run<S: AsRef<OsStr>>(
    job: &Job,
    until: Instant,
    program: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = S>,
) -> Result<Finished, Failure> {
    let (out, err) = (job.scratch("tool.out"), job.scratch("tool.err"));
    let program = program.as_ref();
    let name = program.display();
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(create(&out)?)
        .stderr(create(&err)?)
        .spawn()
        .map_err(|e| Failure::transient(format!("`{name}` could not be started: {e}")))?;
    let (status, late) = wait(&mut child, until)
        .map_err(|e| Failure::transient(format!("`{name}` was lost: {e}")))?;
    check_room(job)?;
    let limit = job.request.output_bytes;
    let mut stdout = read_up_to(&out, limit.saturating_add(1))?;
    let cut = stdout.len() as u64 > limit;
    stdout.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let complaint = String::from_utf8_lossy(&read_up_to(&err, MAX_COMPLAINT)?).into_owned();
    if !status.success() {
        eprintln!(
            "{name}: {status}: {}",
            complaint.chars().take(500).collect::<String>().trim()
        );
    }
    Ok(Finished {
        status,
        stdout,
        cut,
        complaint,
        late,
    })
}

/// Waits for the end of a tool, which is brought about when its time is over. Says which it was.
fn wait(child: &mut Child, until: Instant) -> io::Result<(ExitStatus, bool)> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    // Without it (kernels before 5.3) the tool is asked now and then.
    let end = pid.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, false));
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            child.kill()?;
            return Ok((child.wait()?, true));
        }
        let (mut told, pause) = match &end {
            Some(end) => (vec![PollFd::new(end, PollFlags::IN)], left),
            None => (Vec::new(), left.min(ASK_EVERY)),
        };
        let _it_is_looked_again_anyway = poll(&mut told, Timespec::try_from(pause).ok().as_ref());
    }
}

/// Poppler and tesseract end well when what they wrote found no room; the text would be cut off without
/// a word.
fn check_room(job: &Job) -> Result<(), Failure> {
    match scratch::room(&job.request.scratch) {
        Ok(room) if room < LEAST_ROOM => Err(Failure::NoRoom(
            "the folder for temporary files is full".to_owned(),
        )),
        _ => Ok(()),
    }
}

fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|e| Failure::of_temporary("no temporary file could be made", &e))
}

fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|e| Failure::transient(format!("a temporary file could not be read: {e}")))?;
    Ok(bytes)
}
