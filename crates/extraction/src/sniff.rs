//! The type of a file, from its first bytes. They are compared, never followed, so this is the one
//! look at a stranger's file that happens outside the sandbox.

mod container;
mod kinds;
mod mail;
mod markup;

use domain::{FileName, FileType};
use encoding_rs::Encoding;

/// How many bytes from the start of a file [`sniff()`] wants to see, where there are as many.
pub const SNIFF_BYTES: usize = 8192;

/// Where a PDF's mark may stand: some writers put other bytes before it.
const PDF_REACH: usize = 1024;
const PDF_MARK: &[u8] = b"%PDF-";

/// Why a file is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// A sentence for people: what the file seems to be, and what is accepted.
    pub detail: String,
    /// The same as the end of a sentence about one file among others.
    pub reason: String,
}

impl Refused {
    fn kind(seems: &str) -> Self {
        Self {
            detail: format!(
                "The file seems to be {seems}, which can't be read. {}",
                kinds::ACCEPTED
            ),
            reason: format!("it seems to be {seems}, which can't be read"),
        }
    }

    fn unknown() -> Self {
        Self {
            detail: format!(
                "The type of the file can't be recognised. {}",
                kinds::ACCEPTED
            ),
            reason: "its type can't be recognised".to_owned(),
        }
    }
}

/// The type of a file that starts with `head` (its first [`SNIFF_BYTES`] bytes).
///
/// The content decides. The name helps where content can't tell: Markdown and CSV from plain text.
/// When nothing is recognised, a name that claims an accepted type is believed; the extraction then
/// says what is wrong with the file.
///
/// # Errors
/// [`Refused`] when the content is of a known type that is not read, or of no known type with no
/// claim in the name.
pub fn sniff(head: &[u8], file_name: &FileName) -> Result<FileType, Refused> {
    let extension = file_name.extension();
    let claimed = FileType::from_extension(&extension);
    if head.is_empty() {
        return claimed.ok_or_else(Refused::unknown);
    }
    let text = readable_text(head);
    if is_pdf(head, text.is_some() && claimed != Some(FileType::Pdf)) {
        return Ok(FileType::Pdf);
    }
    match text {
        Some(text) => markup::text_type(&text, &extension, claimed),
        None => binary_type(head, claimed),
    }
}

/// A text may speak of PDFs; in one, the mark counts at the very beginning only.
fn is_pdf(head: &[u8], is_other_text: bool) -> bool {
    let reach = if is_other_text {
        PDF_MARK.len()
    } else {
        PDF_REACH
    };
    head.get(..reach)
        .unwrap_or(head)
        .windows(PDF_MARK.len())
        .any(|window| window == PDF_MARK)
}

/// The head as text; none when it holds bytes that no text has.
fn readable_text(head: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        let text = encoding.decode_without_bom_handling(head.get(mark..)?).0;
        return (!text.contains('\0')).then(|| text.into_owned());
    }
    if head.iter().any(|byte| is_foreign(*byte)) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(text) => Some(text.to_owned()),
        // The cut at the end of the head may go through a character.
        Err(error) if error.error_len().is_none() => {
            Some(String::from_utf8_lossy(head).into_owned())
        }
        Err(_) => plausible_legacy(head),
    }
}

/// Bytes that stand in no text of any encoding that is in use, except UTF-16.
fn is_foreign(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0e..=0x19 | 0x1c..=0x1f | 0x7f)
}

/// Text in an encoding from before Unicode: the best guess must decode it without complaint.
fn plausible_legacy(head: &[u8]) -> Option<String> {
    let text = crate::text::decode(head, crate::text::Markup::Html);
    crate::text::is_readable(&text).then_some(text)
}

fn binary_type(head: &[u8], claimed: Option<FileType>) -> Result<FileType, Refused> {
    // The second is the start of an archive without files.
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return container::zip_type(head, claimed);
    }
    if head.starts_with(&container::OLE) {
        return container::ole_type(claimed);
    }
    match infer::get(head).map(|kind| (kinds::accepted(kind.mime_type()), kind)) {
        Some((Some(file_type), _)) => Ok(file_type),
        Some((None, kind)) => Err(Refused::kind(&kinds::spoken(&kind))),
        None => claimed.ok_or_else(Refused::unknown),
    }
}

#[cfg(test)]
mod tests;
