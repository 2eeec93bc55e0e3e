//! The ZIP archive around a document's XML, and the limits on what is unpacked from it.

use super::super::{Job, collect::Flow};
use super::xml::{self, Token, Trouble};
use crate::Failure;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use undoc::detect_format_from_bytes;
use zip::ZipArchive;
use zip::result::ZipError;

/// The parts of one document. Presentations with many pictures have some thousands.
const MAX_ENTRIES: usize = 20_000;
/// What is unpacked of one document in all. It goes past and is not held.
const MAX_UNPACKED: u64 = 128 << 20;
/// Start of an OLE container: encrypted and old documents.
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// An office document's parts, by name.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    left: u64,
    /// What people call it, without article.
    kind: &'static str,
}

impl Package {
    /// Opens the job's file.
    pub fn open(job: &Job, kind: &'static str) -> Result<Self, Failure> {
        let (start, _) = job.bytes(OLE.len() as u64)?;
        if start == OLE {
            return Err(of_ole(job, kind)?);
        }
        let file = File::open(&job.request.path)
            .map_err(|e| Failure::transient(format!("the file could not be read: {e}")))?;
        let archive = ZipArchive::new(BufReader::new(file)).map_err(|error| {
            eprintln!("package: {error}");
            damaged(kind)
        })?;
        if archive.len() > MAX_ENTRIES {
            return Err(Failure::permanent(format!(
                "The {kind} has more than {MAX_ENTRIES} parts, more than one document is allowed. Split it and upload the parts."
            )));
        }
        Ok(Self {
            archive,
            left: MAX_UNPACKED,
            kind,
        })
    }

    /// Shows a part's tokens to `visit`; false when there is no such part.
    pub fn walk(
        &mut self,
        name: &str,
        visit: impl FnMut(Token<'_>) -> Flow,
    ) -> Result<bool, Failure> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(false),
            Err(ZipError::UnsupportedArchive(reason)) if reason == ZipError::PASSWORD_REQUIRED => {
                return Err(protected(self.kind));
            }
            Err(error) => {
                eprintln!("package: {error}");
                return Err(damaged(self.kind));
            }
        };
        let counted = Counted {
            inner: part,
            left: &mut self.left,
        };
        xml::walk(BufReader::new(counted), visit)
            .map(|()| true)
            .map_err(|trouble| explain(trouble, self.kind))
    }

    /// As [`Self::walk`], for a part that every such document has.
    pub fn walk_required(
        &mut self,
        name: &str,
        visit: impl FnMut(Token<'_>) -> Flow,
    ) -> Result<(), Failure> {
        if self.walk(name, visit)? {
            Ok(())
        } else {
            eprintln!("package: {name} is missing");
            Err(damaged(self.kind))
        }
    }

    /// The failure of a document that needs a password.
    pub fn protected(&self) -> Failure {
        protected(self.kind)
    }
}

/// Counts what is unpacked, and ends in an error when it is too much.
struct Counted<'a, R> {
    inner: R,
    left: &'a mut u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if *self.left == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let most = usize::try_from(*self.left).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let count = self
            .inner
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        *self.left -= count as u64;
        Ok(count)
    }
}

fn of_ole(job: &Job, kind: &str) -> Result<Failure, Failure> {
    let (bytes, _) = job.bytes(job.request.memory_bytes / 4)?;
    Ok(match detect_format_from_bytes(&bytes) {
        Err(undoc::Error::Encrypted) => protected(kind),
        _ => Failure::permanent(
            "This is a document of an older office program with a new name. Save it in a present format and upload it again.",
        ),
    })
}

fn protected(kind: &str) -> Failure {
    Failure::permanent(format!(
        "The {kind} is protected by a password. Save it without one and upload it again."
    ))
}

fn damaged(kind: &str) -> Failure {
    Failure::permanent(format!(
        "The {kind} is damaged or incomplete. Open it in your office program, save it again and upload the new copy."
    ))
}

fn explain(trouble: Trouble, kind: &str) -> Failure {
    eprintln!("package: {trouble:?}");
    match trouble {
        Trouble::Damaged => damaged(kind),
        Trouble::TooDeep => Failure::permanent(format!(
            "The {kind} is nested more deeply than any office program writes, and was not read. Save it again in your office program and upload the new copy."
        )),
        Trouble::Entities => Failure::permanent(format!(
            "The {kind} declares abbreviations of its own, which office programs never do, and was not read. Save it again in your office program and upload the new copy."
        )),
        Trouble::TooLarge => Failure::permanent(format!(
            "The {kind} unpacks to more than {} MiB, and was not read. Split it and upload the parts.",
            MAX_UNPACKED >> 20
        )),
    }
}
