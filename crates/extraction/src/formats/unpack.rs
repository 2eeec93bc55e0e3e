//! Takes files out of archives and e-mails, into the scratch directory, under limits.

use super::{Content, Job};
use crate::Failure;
use crate::parts::{FoundPart, LeftOut, MAX_REASONS, file_name};
use crate::sniff::{SNIFF_BYTES, sniff};
use domain::PartPath;
use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};

/// From this size on it is looked at how much more a file unpacks to than it takes.
const SUSPICIOUS_FROM: u64 = 4 << 20;
/// How many times more that may be. Real files stay far below.
const SUSPICIOUS_RATIO: u64 = 250;
/// How much is copied at once.
const PIECE: usize = 64 << 10;

/// What is being taken out of one file.
pub(super) struct Unpacking<'j> {
    job: &'j Job,
    found: Vec<FoundPart>,
    paths: HashSet<String>,
    left_out: Vec<LeftOut>,
    left_out_count: u32,
    bytes_left: u64,
}

/// Why a file is not taken out.
enum Refusal {
    Reason(String),
    Failure(Failure),
}

impl<'j> Unpacking<'j> {
    pub fn new(job: &'j Job) -> Self {
        Self {
            job,
            found: Vec::new(),
            paths: HashSet::new(),
            left_out: Vec::new(),
            left_out_count: 0,
            bytes_left: job.request.parts_bytes,
        }
    }

    /// Whether nothing is to be taken out at all: this file came out of too many others.
    pub fn is_closed(&self) -> bool {
        self.job.request.max_parts == 0
    }

    /// Takes a file out. `packed` is how many bytes it takes where it is.
    ///
    /// # Errors
    /// Only those of this machine. What is wrong with the file is noted.
    pub fn take(&mut self, raw: &str, packed: u64, content: impl Read) -> Result<(), Failure> {
        if is_clutter(raw) {
            return Ok(());
        }
        match self.try_to_take(raw, packed, content) {
            Ok(()) => Ok(()),
            Err(Refusal::Reason(reason)) => {
                self.leave_out(raw, &reason);
                Ok(())
            }
            Err(Refusal::Failure(failure)) => Err(failure),
        }
    }

    /// Notes that a file is not taken out.
    pub fn leave_out(&mut self, raw: &str, reason: &str) {
        self.left_out_count = self.left_out_count.saturating_add(1);
        if self.left_out.len() < MAX_REASONS {
            self.left_out.push(LeftOut {
                path: raw.chars().filter(|c| !c.is_control()).take(120).collect(),
                reason: reason.to_owned(),
            });
        }
    }

    /// The reasons, when nothing was taken out and something should have been.
    pub fn nothing_but(&self) -> Option<&[LeftOut]> {
        (self.found.is_empty() && !self.left_out.is_empty()).then_some(&self.left_out)
    }

    /// Adds what was found to the answer.
    pub fn into_content(self, content: Content) -> Content {
        Content {
            parts: self.found,
            left_out: self.left_out,
            left_out_count: self.left_out_count,
            ..content
        }
    }

    fn try_to_take(
        &mut self,
        raw: &str,
        packed: u64,
        mut content: impl Read,
    ) -> Result<(), Refusal> {
        let path = PartPath::parse(raw).map_err(|error| Refusal::Reason(error.detail))?;
        let most = self.job.request.max_parts;
        let number = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        if number >= most {
            return Err(Refusal::Reason(format!(
                "there are more than {most} files, the most that are taken out"
            )));
        }
        let mut head = Vec::new();
        content
            .by_ref()
            .take(SNIFF_BYTES as u64)
            .read_to_end(&mut head)
            .map_err(|error| broken(&error))?;
        if head.is_empty() {
            return Err(Refusal::Reason("it is empty".to_owned()));
        }
        sniff(&head, path.name()).map_err(|refused| Refusal::Reason(refused.reason))?;
        let path = self.unused(path)?;
        self.write(number, packed, &head, content)?;
        self.paths.insert(path.as_str().to_owned());
        self.found.push(FoundPart {
            number,
            path: path.as_str().to_owned(),
        });
        Ok(())
    }

    /// The path, with a number when there is such a one already.
    fn unused(&self, path: PartPath) -> Result<PartPath, Refusal> {
        if !self.paths.contains(path.as_str()) {
            return Ok(path);
        }
        (2..=self.paths.len() + 2)
            .filter_map(|number| path.numbered(number))
            .find(|path| !self.paths.contains(path.as_str()))
            .ok_or_else(|| Refusal::Reason("there is another file of that name".to_owned()))
    }

    fn write(
        &mut self,
        number: u32,
        packed: u64,
        head: &[u8],
        content: impl Read,
    ) -> Result<(), Refusal> {
        let path = self.job.scratch(&file_name(number));
        let written = File::create_new(&path)
            .map_err(|error| no_room(&error))
            .and_then(|file| self.copy(file, packed, head, content));
        match written {
            Ok(size) => {
                self.bytes_left = self.bytes_left.saturating_sub(size);
                Ok(())
            }
            Err(refusal) => {
                let _it_goes_with_the_directory = std::fs::remove_file(&path);
                Err(refusal)
            }
        }
    }

    fn copy(
        &self,
        mut file: File,
        packed: u64,
        head: &[u8],
        content: impl Read,
    ) -> Result<u64, Refusal> {
        let mut content = head.chain(content);
        let mut piece = vec![0; PIECE];
        let mut size = 0_u64;
        loop {
            let count = match content.read(&mut piece) {
                Ok(0) => return Ok(size),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(&error)),
            };
            size += count as u64;
            self.check(size, packed)?;
            file.write_all(piece.get(..count).unwrap_or_default())
                .map_err(|error| no_room(&error))?;
        }
    }

    fn check(&self, size: u64, packed: u64) -> Result<(), Refusal> {
        let request = &self.job.request;
        if size > SUSPICIOUS_FROM && size / SUSPICIOUS_RATIO > packed {
            return Err(Refusal::Reason(format!(
                "it unpacks to more than {SUSPICIOUS_RATIO} times its size"
            )));
        }
        if size > request.file_bytes {
            let most = request.file_bytes >> 20;
            return Err(Refusal::Reason(format!("it is larger than {most} MiB")));
        }
        if size > self.bytes_left {
            return Err(Refusal::Reason(match request.parts_bytes >> 20 {
                0 => "there is too little room for temporary files".to_owned(),
                most => format!("all files together are larger than {most} MiB"),
            }));
        }
        if self.job.is_late() {
            return Err(Refusal::Reason(
                "taking out the files before it took too long".to_owned(),
            ));
        }
        Ok(())
    }
}

/// What programs put into archives for themselves.
fn is_clutter(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    path.starts_with("__MACOSX/") || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

fn broken(error: &std::io::Error) -> Refusal {
    eprintln!("part: {error}");
    Refusal::Reason("it is damaged".to_owned())
}

fn no_room(error: &std::io::Error) -> Refusal {
    Refusal::Failure(Failure::of_temporary(
        "no temporary file could be written",
        error,
    ))
}
