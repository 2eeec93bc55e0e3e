//! Text out of pictures, by tesseract.

use super::Job;
use crate::{Failure, tool};
use std::ffi::OsString;
use std::path::Path;

/// What tesseract read: pages are divided by form feeds.
pub(super) struct Recognised {
    pub text: String,
    pub page_count: u32,
    pub cut: bool,
}

/// Reads a picture. The inner error is the picture's fault: tesseract refused it or died of it.
///
/// # Errors
/// `Transient` when tesseract or a language is not installed.
pub(super) fn recognise(
    job: &Job,
    picture: &Path,
    dots_per_inch: Option<u32>,
) -> Result<Result<Recognised, Failure>, Failure> {
    let mut args: Vec<OsString> = vec![
        picture.into(),
        "stdout".into(),
        "-l".into(),
        job.request.ocr_languages.clone().into(),
    ];
    if let Some(dpi) = dots_per_inch {
        args.extend(["--dpi".into(), dpi.to_string().into()]);
    }
    let found = tool::run(job, "tesseract", args)?;
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
        page_count: page_count(&found.complaint),
        text: String::from_utf8_lossy(&found.stdout).into_owned(),
        cut: found.cut,
    }))
}

/// Tesseract announces each page of a file that has several, and says nothing for a single one.
fn page_count(notes: &str) -> u32 {
    let announced = notes
        .lines()
        .filter_map(|line| line.strip_prefix("Page ")?.trim().parse::<u32>().ok());
    announced.max().unwrap_or(1).max(1)
}
