//! Kinds of text: by what they begin with, else by the name.

use super::{Refused, mail};
use domain::FileType;

/// Beginnings of other formats that consist of readable characters.
const OTHERS: [(&str, &str); 1] = [("%!PS", "a PostScript document")];

const RICH_TEXT: &str = "{\\rtf";

/// Beginnings of HTML pages, in lower case.
const HTML: [&str; 5] = ["<!doctype html", "<html", "<head", "<body", "<title"];

const SVG: &str = "a drawing (SVG)";

/// The type of a text.
pub(super) fn text_type(
    text: &str,
    extension: &str,
    claimed: Option<FileType>,
) -> Result<FileType, Refused> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if let Some((_, spoken)) = OTHERS.iter().find(|(mark, _)| start.starts_with(mark)) {
        return Err(Refused::kind(spoken));
    }
    if start.starts_with(RICH_TEXT) {
        return Ok(FileType::Rtf);
    }
    if mail::is_mail(start, claimed) {
        return Ok(FileType::Eml);
    }
    let lower = start.to_ascii_lowercase();
    let root = after_prolog(&lower);
    // Browsers run scripts in SVG, so it is refused under any name.
    if extension == "svg" || root.starts_with("<svg") || lower.contains("<!doctype svg") {
        return Err(Refused::kind(SVG));
    }
    if HTML.iter().any(|tag| root.starts_with(tag)) || lower.starts_with("<!doctype html") {
        return Ok(FileType::Html);
    }
    Ok(match claimed {
        Some(named @ (FileType::Markdown | FileType::Csv | FileType::Html)) => named,
        _ => FileType::Text,
    })
}

/// What stands after the XML declaration, comments, processing instructions and document type.
fn after_prolog(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let end = match rest {
            r if r.starts_with("<!--") => "-->",
            r if r.starts_with("<?") => "?>",
            r if r.starts_with("<!doctype") && !r.starts_with("<!doctype html") => ">",
            _ => return rest,
        };
        match rest.split_once(end) {
            Some((_, after)) => rest = after,
            None => return rest,
        }
    }
}
