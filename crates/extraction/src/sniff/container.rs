//! ZIP and OLE files: both hold documents of many kinds, and the names inside tell which.

use super::Refused;
use domain::FileType;

/// Start of an OLE container: Word 97 documents, and encrypted documents of every age.
pub(super) const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Start of a ZIP entry's header; 26 bytes later stands the length of its name.
const ENTRY: &[u8] = b"PK\x03\x04";
const NAME_LENGTH_AT: usize = 26;
const NAME_AT: usize = 30;

/// First folders of Office Open XML documents.
const FOLDERS: [(&[u8], FileType); 3] = [
    (b"word/", FileType::Docx),
    (b"xl/", FileType::Xlsx),
    (b"ppt/", FileType::Pptx),
];

/// What the entry `mimetype` says that OpenDocument files begin with. Templates say a little more.
const OPEN_DOCUMENT: [(&[u8], FileType); 3] = [
    (b"application/vnd.oasis.opendocument.text", FileType::Odt),
    (
        b"application/vnd.oasis.opendocument.spreadsheet",
        FileType::Ods,
    ),
    (
        b"application/vnd.oasis.opendocument.presentation",
        FileType::Odp,
    ),
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
    if names.first().is_some_and(|name| *name == b"mimetype") {
        return open_document(head, claimed);
    }
    if !OFFICE_COMMON.into_iter().any(any) && !names.first().is_some_and(|name| is_office(name)) {
        return Ok(FileType::Zip);
    }
    if let Some((_, file_type)) = FOLDERS.iter().find(|(folder, _)| any(folder)) {
        return Ok(*file_type);
    }
    // The telling entry may come after the head; then the name decides between office documents.
    match claimed {
        Some(named @ (FileType::Docx | FileType::Xlsx | FileType::Pptx)) => Ok(named),
        _ if any(b"[Content_Types].xml") => {
            Err(Refused::kind("an office document of another kind"))
        }
        _ => Ok(FileType::Zip),
    }
}

fn is_office(name: &[u8]) -> bool {
    FOLDERS.iter().any(|(folder, _)| name.starts_with(folder))
}

/// The first entry is not packed, so that what it says can be read without unpacking.
fn open_document(head: &[u8], claimed: Option<FileType>) -> Result<FileType, Refused> {
    let says = |words: &[u8]| head.windows(words.len()).any(|window| window == words);
    if says(b"application/epub+zip") {
        return Err(Refused::kind("an electronic book (EPUB)"));
    }
    if let Some((_, file_type)) = OPEN_DOCUMENT.iter().find(|(words, _)| says(words)) {
        return Ok(*file_type);
    }
    match claimed {
        Some(named @ (FileType::Odt | FileType::Ods | FileType::Odp)) => Ok(named),
        _ => Err(Refused::kind("an OpenDocument file of another kind")),
    }
}

/// An OLE file named as one of Office's present formats is believed: it is an encrypted or an old document, and only a look
/// inside, which belongs in the sandbox, tells which.
pub(super) fn ole_type(claimed: Option<FileType>) -> Result<FileType, Refused> {
    match claimed {
        Some(named @ (FileType::Docx | FileType::Xlsx | FileType::Pptx)) => Ok(named),
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
