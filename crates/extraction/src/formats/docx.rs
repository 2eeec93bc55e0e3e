//! Word documents, by undoc.

use super::{Content, Job};
use crate::Failure;
use undoc::docx::DocxParser;
use undoc::model::{Block, Paragraph, Section};
use undoc::{Error, FormatType, detect_format_from_bytes};

const DAMAGED: &str = "The Word document is damaged or incomplete. Open it in your office program, save it again and upload the new copy.";
const ENCRYPTED: &str =
    "The Word document is protected by a password. Save it without one and upload it again.";
const OLD: &str = "This is a document of an older office program with a new name. Save it as DOCX and upload it again.";
const TOO_LARGE: &str = "The Word document is too large to be read. Split it and upload the parts.";

pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    // The parser holds the whole file; more than this would break the memory limit anyway.
    let (bytes, more) = job.bytes(job.request.memory_bytes / 4)?;
    if more {
        return Err(Failure::permanent(TOO_LARGE));
    }
    match detect_format_from_bytes(&bytes) {
        Ok(FormatType::Docx) => {}
        Ok(FormatType::Doc | FormatType::Xls | FormatType::Ppt)
        | Err(Error::UnsupportedFormat(_)) => {
            return Err(Failure::permanent(OLD));
        }
        Ok(_) => return Err(Failure::permanent(DAMAGED)),
        Err(error) => return Err(explain(&error)),
    }
    let document = DocxParser::from_bytes(bytes)
        .and_then(|mut parser| parser.parse())
        .map_err(|e| explain(&e))?;
    let mut text = String::new();
    document
        .sections
        .iter()
        .for_each(|section| write_section(&mut text, section));
    Ok(Content::of_text(&text, false))
}

fn explain(error: &Error) -> Failure {
    eprintln!("docx: {error}");
    Failure::permanent(match error {
        Error::Encrypted => ENCRYPTED,
        _ => DAMAGED,
    })
}

/// Header first and footer last, as on paper: letterheads often stand in the header.
fn write_section(text: &mut String, section: &Section) {
    write_paragraphs(text, section.header.as_deref().unwrap_or_default());
    for block in &section.content {
        match block {
            Block::Paragraph(paragraph) => write_line(text, &paragraph.plain_text()),
            Block::Table(table) => write_line(text, table.plain_text().trim_end()),
            Block::Note { content, .. } => write_paragraphs(text, content),
            Block::Image {
                alt_text: Some(words),
                ..
            } => write_line(text, words),
            _ => {}
        }
    }
    write_paragraphs(text, section.footer.as_deref().unwrap_or_default());
}

fn write_paragraphs(text: &mut String, paragraphs: &[Paragraph]) {
    paragraphs
        .iter()
        .for_each(|paragraph| write_line(text, &paragraph.plain_text()));
}

fn write_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
