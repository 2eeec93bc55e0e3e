//! One module for each family of formats, and the choice between them.

mod archive;
mod collect;
mod docx;
mod image;
mod jpeg;
mod mail;
mod nesting;
mod ocr;
mod office;
pub(crate) mod pdf;
mod plain;
mod rtf;
mod tiff;
mod unpack;

use crate::parts::{FoundPart, LeftOut};
use crate::protocol::Request;
use crate::sniff::{SNIFF_BYTES, sniff};
use crate::{Failure, text};
use domain::{Family, FileType};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A day: longer limits mean "no limit", and would not fit the clock.
const LONGEST_MS: u64 = 86_400_000;

/// One file to be read, inside the walls.
pub(crate) struct Job {
    pub request: Request,
    started: Instant,
    wall: Duration,
}

impl Job {
    /// A job that began then.
    pub fn new(request: Request, started: Instant) -> Self {
        let wall = Duration::from_millis(request.wall_ms.min(LONGEST_MS));
        Self {
            request,
            started,
            wall,
        }
    }

    /// After this no further page is begun: the last fifth of the time is for the page under way, the
    /// picture of the first page and the answer. Pages found so far are better than none.
    pub fn deadline(&self) -> Instant {
        self.started + self.wall / 5 * 4
    }

    /// After this no tool runs any more, so that there is time to answer.
    pub fn last_call(&self) -> Instant {
        self.started + self.wall / 10 * 9
    }

    /// How long a tool may take for one page that begins now: one slow page must not cost the others.
    pub fn page_limit(&self) -> Instant {
        (Instant::now() + self.wall / 5).min(self.last_call())
    }

    /// A path in the scratch directory.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.request.scratch.join(name)
    }

    /// Whether the time for further pages is over.
    pub fn is_late(&self) -> bool {
        Instant::now() >= self.deadline()
    }

    /// The file's bytes up to a limit, and whether there are more.
    pub fn bytes(&self, limit: u64) -> Result<(Vec<u8>, bool), Failure> {
        let mut bytes = Vec::new();
        File::open(&self.request.path)
            .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes))
            .map_err(|e| Failure::transient(format!("the file could not be read: {e}")))?;
        let more = bytes.len() as u64 > limit;
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok((bytes, more))
    }
}

/// The picture that is shown of a file.
pub(crate) enum Picture {
    /// A JPEG; none where the text has to do.
    Made(Option<Vec<u8>>),
    /// That of the first page, drawn by [`pdf::first_page`] once the text was handed over.
    OfFirstPage,
}

impl Default for Picture {
    fn default() -> Self {
        Self::Made(None)
    }
}

/// What a format's reader found.
#[derive(Default)]
pub(crate) struct Content {
    pub pages: Vec<String>,
    /// When it differs from the number of pages with text.
    pub page_count: Option<u32>,
    pub picture: Picture,
    pub truncated: bool,
    /// Pages that could not be read, or not in time.
    pub unread: u32,
    /// Files that were taken out of it, in the scratch directory.
    pub parts: Vec<FoundPart>,
    /// Files that were not, as far as they are named, and how many in all.
    pub left_out: Vec<LeftOut>,
    pub left_out_count: u32,
}

impl Content {
    /// Text that has no pages of its own.
    fn of_text(text: &str, truncated: bool) -> Self {
        Self {
            pages: text::cut(text),
            truncated,
            ..Self::default()
        }
    }
}

/// Reads a file of any accepted type.
pub(crate) fn read(job: &Job) -> Result<Content, Failure> {
    match file_type(job)? {
        FileType::Pdf => pdf::read(job),
        FileType::Png | FileType::Webp => image::read(job),
        FileType::Jpeg => image::read_jpeg(job),
        FileType::Tiff => tiff::read(job),
        FileType::Docx => docx::read(job),
        FileType::Xlsx => office::read_xlsx(job),
        FileType::Pptx => office::read_pptx(job),
        FileType::Odt => office::read_text(job),
        FileType::Ods => office::read_spreadsheet(job),
        FileType::Odp => office::read_presentation(job),
        FileType::Rtf => rtf::read(job),
        FileType::Text | FileType::Markdown | FileType::Csv => plain::read(job),
        FileType::Html => plain::read_html(job),
        FileType::Eml => mail::read(job),
        FileType::Zip => archive::read(job),
    }
}

/// The content decides, unless the name says something else altogether: then somebody made a mistake
/// that only they can put right.
fn file_type(job: &Job) -> Result<FileType, Failure> {
    let request = &job.request;
    let (head, _) = job.bytes(SNIFF_BYTES as u64)?;
    if head.is_empty() {
        return Err(Failure::permanent(
            "The file is empty. Upload it again from the original.",
        ));
    }
    let content =
        sniff(&head, &request.file_name).map_err(|refused| Failure::Permanent(refused.detail))?;
    if let Some(named) = FileType::from_extension(&request.file_name.extension())
        && named.family() != content.family()
    {
        return Err(Failure::Permanent(format!(
            "The name says that this is {}, but the content is {}. Rename it and upload it again.",
            named.spoken(),
            content.spoken()
        )));
    }
    // Texts look alike; what was settled when the file came in still holds after it was renamed.
    let both_text = content.family() == Family::Text && request.file_type.family() == Family::Text;
    Ok(if both_text {
        request.file_type
    } else {
        content
    })
}
