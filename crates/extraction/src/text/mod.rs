//! What is done with text, wherever it came from: decoding, cleaning, cutting into pages.

mod decode;
mod pages;

pub(crate) use decode::{Markup, decode, is_readable};
pub(crate) use pages::{clean, cut, keep_within};
