//! Text out of pictures, by tesseract.

use super::Job;
use crate::{Failure, tool};
use std::ffi::OsString;
use std::path::Path;
use std::time::Instant;

/// What tesseract read on a page.
pub(super) struct Recognised {
    pub text: String,
    pub cut: bool,
    /// What else it said.
    notes: String,
}

impl Recognised {
    /// Whether the page of that number was there to be read. Each but the first is announced.
    pub fn is_there(&self, number: u32) -> bool {
        match number {
            0 => !self.text.trim().is_empty() || !self.notes.contains("Error in pix"),
            _ => {
                let announced = format!("Page {}", u64::from(number) + 1);
                self.notes.lines().any(|line| line.trim() == announced)
            }
        }
    }
}

/// Reads a picture. The inner error is the picture's fault: tesseract refused it, died of it, or took too
/// long.
///
/// # Errors
/// `Transient` when tesseract or a language is not installed.
pub(super) fn recognise(
    job: &Job,
    until: Instant,
    picture: &Path,
    dots_per_inch: Option<u32>,
) -> Result<Result<Recognised, Failure>, Failure> {
    let resolution: Vec<OsString> = dots_per_inch
        .into_iter()
        .flat_map(|dpi| ["--dpi".into(), dpi.to_string().into()])
        .collect();
    run(job, until, picture, resolution)
}

/// Reads one page of the file itself, the first of which is 0.
///
/// # Errors
/// As [`recognise`].
pub(super) fn recognise_page(
    job: &Job,
    until: Instant,
    number: u32,
) -> Result<Result<Recognised, Failure>, Failure> {
    let page = format!("tessedit_page_number={number}");
    run(job, until, &job.request.path, ["-c".into(), page.into()])
}

fn run(
    job: &Job,
    until: Instant,
    picture: &Path,
    options: impl IntoIterator<Item = OsString>,
) -> Result<Result<Recognised, Failure>, Failure> {
    let mut args: Vec<OsString> = vec![
        picture.into(),
        "stdout".into(),
        "-l".into(),
        job.request.ocr_languages.clone().into(),
    ];
    args.extend(options);
    let found = tool::run(job, until, "tesseract", args)?;
    if found.complaint.contains("couldn't load any languages") {
        return Err(Failure::transient(format!(
            "tesseract lacks its language data for `{}`",
            job.request.ocr_languages
        )));
    }
    if let Some(failure) = found.killed() {
        return Ok(Err(failure));
    }
    if !found.status.success() {
        return Ok(Err(Failure::permanent(super::image::DAMAGED)));
    }
    Ok(Ok(Recognised {
        // Some versions end a page with a form feed, others put it between pages.
        text: String::from_utf8_lossy(&found.stdout).replace('\u{c}', "\n"),
        cut: found.cut,
        notes: found.complaint,
    }))
}
