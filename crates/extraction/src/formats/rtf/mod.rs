//! Rich text, by a small reader of our own: the words, and nothing of how they look.

mod encodings;
mod reader;
mod tokens;

use super::{Content, Job, collect::Pages};
use crate::Failure;
use reader::{Reader, Trouble};

const TOO_LARGE: &str =
    "The rich text document is too large to be read. Split it and upload the parts.";
const TOO_DEEP: &str = "The rich text document is nested more deeply than any office program writes, and was not read. Save it again in your office program and upload the new copy.";
const DAMAGED: &str = "The rich text document is damaged or incomplete. Open it in your office program, save it again and upload the new copy.";

pub(super) fn read(job: &Job) -> Result<Content, Failure> {
    let (bytes, more) = job.bytes(job.request.memory_bytes / 4)?;
    if more {
        return Err(Failure::permanent(TOO_LARGE));
    }
    let mut pages = Pages::new(job);
    Reader::new(&mut pages)
        .read(&bytes)
        .map_err(|trouble| match trouble {
            Trouble::TooDeep => Failure::permanent(TOO_DEEP),
            Trouble::Incomplete => Failure::permanent(DAMAGED),
        })?;
    Ok(pages.into_cut_pages())
}
