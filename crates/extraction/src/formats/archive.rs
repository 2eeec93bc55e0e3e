//! ZIP archives. Their text is the list of what is in them; what is in them is taken out.

use super::{Content, Job, collect::Pages, unpack::Unpacking};
use crate::Failure;
use std::fs::File;
use std::io::BufReader;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

/// Entries that are looked at.
const MAX_ENTRIES: usize = 100_000;

const DAMAGED: &str =
    "The archive is damaged or incomplete. Make it again and upload the new copy.";
const EMPTY: &str = "There are no files in the archive.";
const OVERLAPPING: &str = "The files in the archive overlap, as in archives that are made to do harm. Unpack it where you trust it, and upload the files.";
const PROTECTED: &str =
    "The files in the archive are protected by a password. Unpack it and upload the files.";

const NEEDS_PASSWORD: &str = "it is protected by a password";

pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    let file = File::open(&job.request.path)
        .map_err(|e| Failure::transient(format!("the file could not be read: {e}")))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(&e))?;
    if archive.has_overlapping_files().map_err(|e| damaged(&e))? {
        return Err(Failure::permanent(OVERLAPPING));
    }
    let mut pages = Pages::new(job);
    let mut unpacking = Unpacking::new(job);
    let twins = archive.has_duplicate_names();
    let mut files = 0_usize;
    for number in 0..archive.len().min(MAX_ENTRIES) {
        files += usize::from(take_entry(
            &mut archive,
            number,
            &mut pages,
            &mut unpacking,
        )?);
    }
    if files == 0 {
        return Err(Failure::permanent(EMPTY));
    }
    if archive.len() > MAX_ENTRIES {
        unpacking.leave_out("the rest", "there are too many files");
    }
    if twins {
        unpacking.leave_out(
            "files of the same name",
            "of each name the last one is taken",
        );
    }
    if unpacking.is_closed() {
        return Ok(closed(unpacking, pages));
    }
    if let Some(reasons) = unpacking.nothing_but() {
        return Err(nothing(reasons));
    }
    Ok(unpacking.into_content(pages.into_cut_pages()))
}

/// Lists an entry and takes it out; false when it is a folder.
fn take_entry(
    archive: &mut ZipArchive<BufReader<File>>,
    number: usize,
    pages: &mut Pages,
    unpacking: &mut Unpacking<'_>,
) -> Result<bool, Failure> {
    let (name, packed) = match archive.by_index_raw(number) {
        Ok(entry) if entry.is_dir() => return Ok(false),
        Ok(entry) => {
            let name = name_of(&entry);
            let _full = pages.push(&format!("{name}\n"));
            let reason = if entry.is_symlink() {
                Some("it is a link to another file")
            } else {
                entry.encrypted().then_some(NEEDS_PASSWORD)
            };
            if unpacking.is_closed() {
                return Ok(true);
            }
            if let Some(reason) = reason {
                unpacking.leave_out(&name, reason);
                return Ok(true);
            }
            (name, entry.compressed_size())
        }
        Err(error) => {
            eprintln!("entry: {error}");
            unpacking.leave_out(&format!("file {}", number + 1), "it is damaged");
            return Ok(true);
        }
    };
    match archive.by_index(number) {
        Ok(entry) => unpacking.take(&name, packed, entry)?,
        Err(error) => unpacking.leave_out(&name, refusal(&error)),
    }
    Ok(true)
}

fn name_of<R: std::io::Read>(entry: &ZipFile<'_, R>) -> String {
    match entry.name() {
        Ok(name) => name.into_owned(),
        Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
    }
}

fn refusal(error: &ZipError) -> &'static str {
    match error {
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            "it is packed in a way that can't be read"
        }
        _ => "it is damaged",
    }
}

/// An archive out of an archive out of an archive.
fn closed(mut unpacking: Unpacking<'_>, pages: Pages) -> Content {
    unpacking.leave_out(
        "all files",
        "this archive was inside too many others; upload it by itself",
    );
    unpacking.into_content(pages.into_cut_pages())
}

/// Without the files' names: whoever runs the vault sees what failed, and names are the owner's alone.
fn nothing(reasons: &[crate::LeftOut]) -> Failure {
    if reasons.iter().all(|one| one.reason == NEEDS_PASSWORD) {
        return Failure::permanent(PROTECTED);
    }
    let mut told: Vec<&str> = reasons.iter().map(|one| one.reason.as_str()).collect();
    told.sort_unstable();
    told.dedup();
    told.truncate(3);
    Failure::permanent(format!(
        "Nothing in the archive can be read. Of its files: {}.",
        told.join("; ")
    ))
}

fn damaged(error: &ZipError) -> Failure {
    eprintln!("archive: {error}");
    Failure::permanent(DAMAGED)
}
