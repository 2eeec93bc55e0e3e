//! Text out of strangers' files, in a sandboxed child.
//!
//! A file that somebody uploads is hostile until proven otherwise. Nothing here parses one in the
//! calling process, except [`sniff()`], which looks at the first bytes without following anything they
//! say. [`Extractor`] runs this crate's own program, [`READER`], as a child ([`child_main`]) that gives up
//! its rights before it opens the file: limits on memory, computing time, file size and processes,
//! no file but the one in question (Landlock), no socket of any kind (seccomp), an empty environment.
//! Poppler and tesseract run inside the same walls. A kernel may lack the one or the other; [`Limits`] say
//! whether anything is read then. When the child dies, hangs or floods, the caller gets a [`Failure`].
//!
//! This crate knows no database, no queue and no storage: a path goes in, text comes out.

mod child;
mod confine;
mod draw;
mod extractor;
mod failure;
mod formats;
mod limits;
mod parts;
mod protocol;
mod run;
mod scratch;
mod sniff;
mod syscalls;
mod text;
mod thumbnail;
mod tool;
mod walls;

pub use child::child_main;
#[doc(hidden)]
pub use draw::draw_first_page;
pub use extractor::{Claim, Extracted, Extractor, Turn};
pub use failure::Failure;
pub use limits::Limits;
pub use parts::{LeftOut, Part, Parts};
pub use scratch::{Scratch, temporary_space};
pub use sniff::{Refused, SNIFF_BYTES, sniff};
pub use walls::Walls;

/// The name of the program that runs [`child_main`].
pub const READER: &str = "reader";
