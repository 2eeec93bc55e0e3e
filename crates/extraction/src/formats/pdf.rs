//! PDF through poppler: text layer, page count, and OCR for the pages that have no text.

use super::{Content, Job, Picture, ocr};
use crate::tool::{self, Finished};
use crate::{Failure, draw, thumbnail};
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// A page with fewer characters than this is taken for a scan.
const FEW_CHARACTERS: usize = 20;
/// Longer side of a rendered page, in pixels: about 190 dots per inch on A4.
const RENDERED_PIXELS: &str = "2200";
const RENDERED_DPI: u32 = 190;
/// A document of which this many pages in a row can't be rendered is given up.
const MAX_FAILURES: u32 = 3;
/// Where the end mark of a complete PDF stands.
const TAIL: u64 = 2048;

const DAMAGED: &str =
    "The PDF is damaged or incomplete and can't be opened. Upload it again from the original.";
const CUT_OFF: &str =
    "The PDF is incomplete: its end is missing. Upload it again from the original.";
const ENCRYPTED: &str =
    "The PDF is protected by a password. Save it without one and upload it again.";

pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    let layer = text_layer(job)?;
    let mut pages = layer.pages;
    let most = usize::try_from(job.request.max_pages).unwrap_or(usize::MAX);
    let read = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    // Only of a document that was not read to its end the number of pages is another one.
    let page_count = match layer.cut || layer.late || pages.len() >= most {
        true => page_count(job).or_else(|failure| match layer.late {
            // At least one, which it did not come to.
            true => Ok(read.saturating_add(1)),
            false => Err(failure),
        })?,
        false => read,
    };
    if page_count == 0 {
        return Err(Failure::permanent(DAMAGED));
    }
    let expected = page_count.min(job.request.max_pages);
    let not_begun = if layer.late {
        expected.saturating_sub(read)
    } else {
        0
    };
    let unread = read_scans(job, &mut pages)?.saturating_add(not_begun);
    Ok(Content {
        pages,
        page_count: Some(page_count),
        picture: Picture::OfFirstPage,
        truncated: layer.cut || expected < page_count || (read < expected && !layer.late),
        unread,
        ..Content::default()
    })
}

/// Why a program could not make anything of the document.
fn refused(job: &Job, program: &Finished) -> Result<(), Failure> {
    if let Some(failure) = program.killed() {
        return Err(failure);
    }
    if program.complaint.contains("Incorrect password") {
        return Err(Failure::permanent(ENCRYPTED));
    }
    if !program.status.success() {
        return Err(Failure::permanent(DAMAGED));
    }
    // Poppler repairs what it can, but a document that lost pages must not pass for a whole one.
    if !program.complaint.trim().is_empty() && !has_end_mark(job)? {
        return Err(Failure::permanent(CUT_OFF));
    }
    Ok(())
}

fn page_count(job: &Job) -> Result<u32, Failure> {
    let path = job.request.path.as_os_str();
    let info = tool::run(job, job.last_call(), "pdfinfo", [path])?;
    refused(job, &info)?;
    // The last such line: a title can hold line breaks, and it comes first.
    String::from_utf8_lossy(&info.stdout)
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok())
        .ok_or_else(|| Failure::permanent(DAMAGED))
}

fn has_end_mark(job: &Job) -> Result<bool, Failure> {
    let mut tail = Vec::new();
    let unreadable = |e| Failure::transient(format!("the file could not be read: {e}"));
    let mut file = File::open(&job.request.path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))
        .and_then(|_| file.take(TAIL).read_to_end(&mut tail))
        .map_err(unreadable)?;
    Ok(tail.windows(5).any(|window| window == b"%%EOF"))
}

/// What the document itself says.
struct Layer {
    /// The text of each page, of as many as may be read.
    pages: Vec<String>,
    /// Whether there was more text than is kept.
    cut: bool,
    /// Whether the time was over before the last page.
    late: bool,
}

fn text_layer(job: &Job) -> Result<Layer, Failure> {
    let path = job.request.path.as_os_str();
    let last = OsString::from(job.request.max_pages.to_string());
    let args = [
        "-enc".as_ref(),
        "UTF-8".as_ref(),
        "-l".as_ref(),
        last.as_os_str(),
        path,
        "-".as_ref(),
    ];
    let found = tool::run(job, job.deadline(), "pdftotext", args)?;
    // What was written until then is whole pages, but for the last one.
    if !found.late || !found.stdout.contains(&b'\x0c') {
        refused(job, &found)?;
    }
    let text = String::from_utf8_lossy(&found.stdout);
    // A form feed ends each page, also the last one.
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    if found.late || pages.last().is_some_and(|rest| rest.trim().is_empty()) {
        pages.pop();
    }
    // A font may turn any letter into a form feed.
    pages.truncate(usize::try_from(job.request.max_pages).unwrap_or(usize::MAX));
    Ok(Layer {
        pages,
        cut: found.cut,
        late: found.late,
    })
}

/// Puts the text of scanned pages in place. Says how many had to be left unread.
fn read_scans(job: &Job, pages: &mut [String]) -> Result<u32, Failure> {
    let mut unread = 0;
    let mut failures_in_a_row = 0;
    for (number, page) in (1u32..)
        .zip(pages)
        .filter(|(_, page)| visible_characters(page) < FEW_CHARACTERS)
    {
        if job.is_late() || failures_in_a_row >= MAX_FAILURES {
            unread += 1;
            continue;
        }
        match read_scan(job, number)? {
            Some(text) => {
                failures_in_a_row = 0;
                if visible_characters(&text) > visible_characters(page) {
                    *page = text;
                }
            }
            None => {
                failures_in_a_row += 1;
                unread += 1;
            }
        }
    }
    Ok(unread)
}

fn visible_characters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// The text of one page's picture; none when it can't be rendered or read.
fn read_scan(job: &Job, number: u32) -> Result<Option<String>, Failure> {
    if !render(
        job,
        number,
        &["-gray", "-scale-to", RENDERED_PIXELS],
        "page",
    )? {
        return Ok(None);
    }
    let picture = job.scratch("page.pgm");
    let text = ocr::recognise(job, job.page_limit(), &picture, Some(RENDERED_DPI))?;
    let _it_goes_with_the_directory = std::fs::remove_file(&picture);
    Ok(text.ok().map(|found| found.text))
}

/// The first page's picture, drawn by ourselves in less than half of poppler's time, or else by poppler.
/// `text` is what stands on it.
pub(crate) fn first_page(job: &Job, text: &str) -> Result<Option<Vec<u8>>, Failure> {
    if let Some(picture) = draw::first_page(job, text) {
        return Ok(Some(picture));
    }
    // Poppler rounds up, and so makes some pages one pixel larger.
    let size = (thumbnail::LONGER_SIDE - 1).to_string();
    let quality = format!("quality={}", thumbnail::QUALITY);
    if !render(
        job,
        1,
        &["-jpeg", "-jpegopt", &quality, "-scale-to", &size],
        "thumbnail",
    )? {
        return Ok(None);
    }
    Ok(std::fs::read(job.scratch("thumbnail.jpg")).ok())
}

/// Renders one page into `<name>.<ending>`; false when poppler can't.
fn render(job: &Job, number: u32, options: &[&str], name: &str) -> Result<bool, Failure> {
    let number = number.to_string();
    let mut args: Vec<OsString> = ["-singlefile", "-f", &number, "-l", &number]
        .iter()
        .chain(options)
        .map(OsString::from)
        .collect();
    args.push(job.request.path.clone().into_os_string());
    args.push(job.scratch(name).into_os_string());
    let drawn = tool::run(job, job.page_limit(), "pdftoppm", args)?;
    Ok(drawn.status.success())
}
