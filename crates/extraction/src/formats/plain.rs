//! Texts as they stand, and HTML.

use super::{Content, Job};
use crate::{Failure, text};

/// Columns of an HTML page as text.
const HTML_WIDTH: usize = 120;

const NOT_TEXT: &str = "The file holds no readable text. It may be damaged, or its name may have the wrong ending. Check it and upload it again.";
const NOT_HTML: &str =
    "The HTML page could not be read. Save it again in your browser and upload the new copy.";

pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    let (decoded, more) = decoded(job, text::Markup::None)?;
    Ok(Content::of_text(&decoded, more))
}

pub(super) fn read_html(job: &Job) -> Result<Content, Failure> {
    let (decoded, more) = decoded(job, text::Markup::Html)?;
    Ok(Content::of_text(&html_text(&decoded)?, more))
}

/// What a reader sees of an HTML page.
pub(super) fn html_text(html: &str) -> Result<String, Failure> {
    html2text::config::plain_no_decorate()
        .raw_mode(true)
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), HTML_WIDTH)
        .map_err(|error| {
            eprintln!("html: {error}");
            Failure::permanent(NOT_HTML)
        })
}

fn decoded(job: &Job, markup: text::Markup) -> Result<(String, bool), Failure> {
    let (bytes, more) = job.bytes(job.request.output_bytes)?;
    let decoded = text::decode(&bytes, markup);
    if !text::is_readable(&decoded) {
        return Err(Failure::permanent(NOT_TEXT));
    }
    Ok((decoded, more))
}
