//! Text on its way to the answer, page by page, never more than the limit.

use super::{Content, Job};
use crate::text;
use std::ops::ControlFlow;

/// Whether a reader goes on.
pub(super) type Flow = ControlFlow<()>;

/// The pages of a document that is being read.
pub(super) struct Pages {
    done: Vec<String>,
    current: String,
    left: usize,
    most: usize,
    truncated: bool,
}

impl Pages {
    pub fn new(job: &Job) -> Self {
        Self::within(job.request.output_bytes, job.request.max_pages)
    }

    /// No more than `bytes` of text on no more than `most` pages.
    pub fn within(bytes: u64, most: u32) -> Self {
        Self {
            done: Vec::new(),
            current: String::new(),
            left: usize::try_from(bytes).unwrap_or(usize::MAX),
            most: usize::try_from(most).unwrap_or(usize::MAX),
            truncated: false,
        }
    }

    /// Adds to the current page. Breaks when there is no room for more.
    pub fn push(&mut self, text: &str) -> Flow {
        if text.len() > self.left {
            let part = text.get(..text.floor_char_boundary(self.left));
            self.current.push_str(part.unwrap_or_default());
            self.left = 0;
            return self.cut();
        }
        self.left -= text.len();
        self.current.push_str(text);
        Flow::Continue(())
    }

    /// Ends the current page. Breaks when there may be no further one.
    pub fn turn(&mut self) -> Flow {
        self.done.push(std::mem::take(&mut self.current));
        if self.done.len() >= self.most {
            return Flow::Break(());
        }
        Flow::Continue(())
    }

    /// How much room is left, in bytes.
    pub fn left(&self) -> usize {
        self.left
    }

    /// How many pages were ended.
    pub fn turned(&self) -> usize {
        self.done.len()
    }

    /// Notes that something was left out, and that there is no point in going on.
    pub fn cut(&mut self) -> Flow {
        self.truncated = true;
        Flow::Break(())
    }

    /// Notes that something was left out.
    pub fn miss(&mut self) {
        self.truncated = true;
    }

    /// The pages as they stand: slides.
    pub fn into_pages(mut self, page_count: usize) -> Content {
        if !self.current.trim().is_empty() {
            self.done.push(self.current);
        }
        let missing = page_count > self.done.len();
        Content {
            page_count: u32::try_from(page_count.max(self.done.len())).ok(),
            pages: self.done,
            truncated: self.truncated || missing,
            ..Content::default()
        }
    }

    /// Each page cut to a page's size: sheets, and texts that know no pages.
    pub fn into_cut_pages(mut self) -> Content {
        self.done.push(self.current);
        let mut pages: Vec<String> = self.done.iter().flat_map(|page| text::cut(page)).collect();
        pages.retain(|page| !page.trim().is_empty());
        let truncated = self.truncated || pages.len() > self.most;
        pages.truncate(self.most);
        Content {
            pages,
            truncated,
            ..Content::default()
        }
    }
}
