//! OpenDocument texts and presentations.

use super::super::{
    Content, Job,
    collect::{Flow, Pages},
};
use super::package::Package;
use super::xml::Token;
use crate::Failure;

/// Spaces that one element may stand for.
const MAX_SPACES: usize = 100;

/// A text. Headers come first and footers last, as on paper.
pub(in super::super) fn read_text(job: &Job) -> Result<Content, Failure> {
    let mut package = open(job)?;
    let mut pages = Pages::new(job);
    page_style(&mut package, &mut pages, "header")?;
    content(&mut package, &mut pages)?;
    page_style(&mut package, &mut pages, "footer")?;
    Ok(pages.into_cut_pages())
}

/// A presentation: a page for each slide, its notes at its end.
pub(in super::super) fn read_presentation(job: &Job) -> Result<Content, Failure> {
    let mut package = open(job)?;
    let mut pages = Pages::new(job);
    content(&mut package, &mut pages)?;
    let count = pages.turned();
    Ok(pages.into_pages(count))
}

/// Opens a package whose manifest says that nothing in it is encrypted.
pub(super) fn open(job: &Job) -> Result<Package, Failure> {
    let mut package = Package::open(job, "OpenDocument file")?;
    let mut encrypted = false;
    package.walk("META-INF/manifest.xml", |token| match token {
        Token::Open(element) if element.name() == "encryption-data" => {
            encrypted = true;
            Flow::Break(())
        }
        _ => Flow::Continue(()),
    })?;
    if encrypted {
        return Err(package.protected());
    }
    Ok(package)
}

fn content(package: &mut Package, pages: &mut Pages) -> Result<(), Failure> {
    let mut writer = Writer::new(pages, None);
    package.walk_required("content.xml", |token| writer.take(&token))
}

fn page_style(package: &mut Package, pages: &mut Pages, part: &'static str) -> Result<(), Failure> {
    let mut writer = Writer::new(pages, Some(part));
    package
        .walk("styles.xml", |token| writer.take(&token))
        .map(drop)
}

/// Writes the text of paragraphs, wherever they stand.
struct Writer<'p> {
    pages: &'p mut Pages,
    /// The element in which text counts; everywhere when there is none.
    only: Option<&'static str>,
    /// How many such elements are open.
    inside: usize,
    paragraphs: usize,
    cells: usize,
    /// How many elements are open of which nothing counts.
    skipped: usize,
}

impl<'p> Writer<'p> {
    fn new(pages: &'p mut Pages, only: Option<&'static str>) -> Self {
        Self {
            pages,
            only,
            inside: 0,
            paragraphs: 0,
            cells: 0,
            skipped: 0,
        }
    }

    fn take(&mut self, token: &Token<'_>) -> Flow {
        match token {
            Token::Open(_) | Token::Close(_) if self.skipped > 0 => {
                self.skipped = match token {
                    Token::Open(_) => self.skipped + 1,
                    _ => self.skipped - 1,
                };
                Flow::Continue(())
            }
            Token::Open(element) => match element.name() {
                "s" if self.counts() => {
                    let count = element.count("c").min(MAX_SPACES);
                    self.pages.push(&" ".repeat(count))
                }
                name => self.open(name),
            },
            Token::Close(name) => self.close(name),
            Token::Text(text) if self.counts() && self.skipped == 0 => self.write(text),
            Token::Text(_) => Flow::Continue(()),
        }
    }

    /// Whether text that comes now is a paragraph's.
    fn counts(&self) -> bool {
        self.paragraphs > 0 && (self.only.is_none() || self.inside > 0)
    }

    /// Line breaks in the file are how it is laid out; those of the text are elements.
    fn write(&mut self, text: &str) -> Flow {
        if text.contains(['\n', '\r', '\t']) {
            return self.pages.push(&text.replace(['\n', '\r', '\t'], " "));
        }
        self.pages.push(text)
    }

    fn open(&mut self, name: &str) -> Flow {
        match name {
            // What was deleted while changes were recorded, and what nobody sees.
            "tracked-changes" | "forms" | "script" => self.skipped = 1,
            "p" | "h" => self.paragraphs += 1,
            "table-cell" | "covered-table-cell" => self.cells += 1,
            "tab" if self.counts() => return self.pages.push("\t"),
            "line-break" if self.counts() => return self.pages.push("\n"),
            name if self.only == Some(name) => self.inside += 1,
            _ => {}
        }
        Flow::Continue(())
    }

    fn close(&mut self, name: &str) -> Flow {
        let counted = self.counts();
        match name {
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                if counted {
                    return self.pages.push(if self.cells > 0 { " " } else { "\n" });
                }
            }
            "table-cell" | "covered-table-cell" => {
                self.cells = self.cells.saturating_sub(1);
                return self.layout("\t");
            }
            "table-row" => return self.layout("\n"),
            "page" if self.only.is_none() => return self.pages.turn(),
            name if self.only == Some(name) => self.inside = self.inside.saturating_sub(1),
            _ => {}
        }
        Flow::Continue(())
    }

    fn layout(&mut self, mark: &str) -> Flow {
        if self.only.is_some() && self.inside == 0 {
            return Flow::Continue(());
        }
        self.pages.push(mark)
    }
}
