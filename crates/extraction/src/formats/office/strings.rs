//! A workbook's shared strings, which its cells name by number.

use super::super::{Job, collect::Flow};
use super::package::Package;
use super::xml::Token;
use crate::Failure;

/// How many strings are kept, and how many bytes of them in all.
const MAX_STRINGS: usize = 4_000_000;
const MAX_BYTES: usize = 128 << 20;

/// The strings, in order.
#[derive(Default)]
pub(super) struct Strings {
    list: Vec<Box<str>>,
    bytes: usize,
    /// Whether there are more than are kept.
    pub cut: bool,
}

impl Strings {
    pub fn read(package: &mut Package, job: &Job) -> Result<Self, Failure> {
        let most = usize::try_from(job.request.memory_bytes / 8).unwrap_or(MAX_BYTES);
        let mut strings = Self::default();
        let mut current = String::new();
        let (mut in_text, mut phonetic) = (false, false);
        package.walk("xl/sharedStrings.xml", |token| {
            match token {
                Token::Open(element) => match element.name() {
                    "t" => in_text = !phonetic,
                    // How Japanese words are pronounced.
                    "rPh" => phonetic = true,
                    _ => {}
                },
                Token::Text(text) if in_text => current.push_str(text),
                Token::Close("t") => in_text = false,
                Token::Close("rPh") => phonetic = false,
                Token::Close("si") => {
                    return strings.keep(std::mem::take(&mut current), most.min(MAX_BYTES));
                }
                _ => {}
            }
            Flow::Continue(())
        })?;
        Ok(strings)
    }

    pub fn get(&self, number: usize) -> Option<&str> {
        self.list.get(number).map(|text| &**text)
    }

    fn keep(&mut self, text: String, most: usize) -> Flow {
        self.bytes = self.bytes.saturating_add(text.len());
        if self.bytes > most || self.list.len() >= MAX_STRINGS {
            self.cut = true;
            return Flow::Break(());
        }
        self.list.push(text.into_boxed_str());
        Flow::Continue(())
    }
}
