//! Runs poppler's and tesseract's programs inside the child's walls.

use crate::Failure;
use crate::formats::Job;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// How much of a tool's complaints is looked at.
const MAX_COMPLAINT: u64 = 64 << 10;

/// What a tool left behind.
pub(crate) struct Finished {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    /// Whether there was more output than is kept.
    pub cut: bool,
    pub complaint: String,
}

impl Finished {
    /// The failure of a tool that the kernel ended: out of memory, out of time, crashed.
    pub fn killed(&self) -> Option<Failure> {
        self.status.signal().map(|_| Failure::died())
    }
}

/// Runs a tool to its end. Its output goes through files in the scratch directory: they are bounded
/// by the file size limit, and nothing can block on a full pipe.
///
/// # Errors
/// `Transient` when the tool is not installed or the directory is full.
pub(crate) fn run<S: AsRef<OsStr>>(
    job: &Job,
    program: &str,
    args: impl IntoIterator<Item = S>,
) -> Result<Finished, Failure> {
    let (out, err) = (job.scratch("tool.out"), job.scratch("tool.err"));
    let status = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(create(&out)?)
        .stderr(create(&err)?)
        .status()
        .map_err(|e| Failure::transient(format!("`{program}` could not be started: {e}")))?;
    let limit = job.request.output_bytes;
    let mut stdout = read_up_to(&out, limit.saturating_add(1))?;
    let cut = stdout.len() as u64 > limit;
    stdout.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let complaint = String::from_utf8_lossy(&read_up_to(&err, MAX_COMPLAINT)?).into_owned();
    if !status.success() {
        eprintln!(
            "{program}: {status}: {}",
            complaint.chars().take(500).collect::<String>().trim()
        );
    }
    Ok(Finished {
        status,
        stdout,
        cut,
        complaint,
    })
}

fn create(path: &Path) -> Result<File, Failure> {
    File::create(path)
        .map_err(|e| Failure::transient(format!("no temporary file could be made: {e}")))
}

fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|e| Failure::transient(format!("a temporary file could not be read: {e}")))?;
    Ok(bytes)
}
