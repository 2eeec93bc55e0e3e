//! ZIP and OLE files: both hold documents of many kinds, and the names inside tell which.

use super::Refused;
use domain::FileType;

/// Start of an OLE container: Word 97 documents, and encrypted documents of every age.
pub(super) const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Start of a ZIP entry's header; 26 bytes later stands the length of its name.
const ENTRY: &[u8] = b"PK\x03\x04";
const NAME_LENGTH_AT: usize = 26;
const NAME_AT: usize = 30;

/// First folders of office documents, and what people call those that are not accepted.
const OTHER_OFFICE: [(&[u8], &str); 2] = [
    (b"xl/", "an Excel workbook (XLSX)"),
    (b"ppt/", "a PowerPoint presentation (PPTX)"),
];

/// Names that every Office Open XML file has, in the order in which some writers put them first.
const OFFICE_COMMON: [&[u8]; 4] = [
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"customXml/",
];

/// What a ZIP file is, by the names of the entries in its head.
pub(super) fn zip_type(head: &[u8], claimed: Option<FileType>) -> Result<FileType, Refused> {
    let names = entry_names(head);
    let any = |prefix: &[u8]| names.iter().any(|name| name.starts_with(prefix));
    if any(b"word/") {
        return Ok(FileType::Docx);
    }
    if let Some((_, spoken)) = OTHER_OFFICE.iter().find(|(folder, _)| any(folder)) {
        return Err(Refused::kind(spoken));
    }
    if names.first().is_some_and(|name| *name == b"mimetype") {
        return Err(Refused::kind("an OpenDocument file or an electronic book"));
    }
    // The telling entry may come after the head; then the name decides between office documents.
    if claimed == Some(FileType::Docx) && OFFICE_COMMON.into_iter().any(any) {
        return Ok(FileType::Docx);
    }
    Err(Refused::kind("an archive (ZIP)"))
}

/// An OLE file named as DOCX is believed: it is an encrypted or an old document, and only a look
/// inside, which belongs in the sandbox, tells which.
pub(super) fn ole_type(claimed: Option<FileType>) -> Result<FileType, Refused> {
    match claimed {
        Some(FileType::Docx) => Ok(FileType::Docx),
        _ => Err(Refused::kind("a document of an older office program")),
    }
}

fn entry_names(head: &[u8]) -> Vec<&[u8]> {
    let starts = head
        .windows(ENTRY.len())
        .enumerate()
        .filter(|(_, window)| *window == ENTRY);
    starts
        .filter_map(|(at, _)| entry_name(head.get(at..)?))
        .collect()
}

fn entry_name(entry: &[u8]) -> Option<&[u8]> {
    let (&length, _) = entry.get(NAME_LENGTH_AT..)?.split_first_chunk::<2>()?;
    let rest = entry.get(NAME_AT..)?;
    let length = usize::from(u16::from_le_bytes(length));
    // A name that the head cuts off is still good for its beginning.
    Some(rest.get(..length).unwrap_or(rest))
}
