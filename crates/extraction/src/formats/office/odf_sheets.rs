//! OpenDocument spreadsheets: rows as lines, cells divided by tabs, each sheet on pages of its own.

use super::super::{
    Content, Job,
    collect::{Flow, Pages},
};
use super::odf;
use super::xml::Token;
use crate::Failure;

/// How often a repeated cell or row is written. A file can say "a million times" in a few bytes.
const MAX_REPEATED: usize = 64;
/// Cells that are looked at, repetitions not counted.
const MAX_CELLS: usize = 2_000_000;

pub(in super::super) fn read(job: &Job) -> Result<Content, Failure> {
    let mut package = odf::open(job)?;
    let mut pages = Pages::new(job);
    let mut sheets = Sheets::new(&mut pages);
    package.walk_required("content.xml", |token| sheets.take(&token))?;
    Ok(pages.into_cut_pages())
}

struct Sheets<'p> {
    pages: &'p mut Pages,
    row: String,
    row_repeated: usize,
    /// Empty cells since the last one that was written.
    gap: usize,
    cell: String,
    cell_repeated: usize,
    in_cell: bool,
    paragraphs: usize,
    cells: usize,
}

impl<'p> Sheets<'p> {
    fn new(pages: &'p mut Pages) -> Self {
        Self {
            pages,
            row: String::new(),
            row_repeated: 1,
            gap: 0,
            cell: String::new(),
            cell_repeated: 1,
            in_cell: false,
            paragraphs: 0,
            cells: 0,
        }
    }

    fn take(&mut self, token: &Token<'_>) -> Flow {
        match token {
            Token::Open(element) => match element.name() {
                "table" => {
                    let name = element.attribute("name").unwrap_or_default();
                    return self.pages.push(&format!("{name}\n"));
                }
                "table-row" => {
                    self.row_repeated = element.count("number-rows-repeated");
                    self.gap = 0;
                }
                "table-cell" | "covered-table-cell" => {
                    self.cell_repeated = element.count("number-columns-repeated");
                    self.cell.clear();
                    self.in_cell = true;
                    self.cells += 1;
                    if self.cells > MAX_CELLS {
                        return self.pages.cut();
                    }
                }
                "p" => {
                    self.paragraphs += 1;
                    if !self.cell.is_empty() {
                        self.cell.push(' ');
                    }
                }
                "s" if self.paragraphs > 0 => self.cell.push(' '),
                _ => {}
            },
            Token::Close(name) => return self.close(name),
            Token::Text(text) => {
                if self.in_cell && self.paragraphs > 0 && self.cell.len() < self.pages.left() {
                    self.cell.push_str(text);
                }
            }
        }
        Flow::Continue(())
    }

    fn close(&mut self, name: &str) -> Flow {
        match name {
            "p" => self.paragraphs = self.paragraphs.saturating_sub(1),
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => return self.end_row(),
            "table" => return self.pages.turn(),
            _ => {}
        }
        Flow::Continue(())
    }

    fn end_cell(&mut self) {
        self.in_cell = false;
        let text = self.cell.trim().replace(['\n', '\t'], " ");
        let times = self.cell_repeated.min(MAX_REPEATED);
        if text.is_empty() {
            self.gap = (self.gap + times).min(MAX_REPEATED);
            return;
        }
        for _ in 0..times {
            // A row that exceeds the limit by itself is cut where it is written.
            if self.row.len() > self.pages.left() {
                return;
            }
            if !self.row.is_empty() {
                self.row.push('\t');
            }
            self.row
                .push_str(&"\t".repeat(std::mem::take(&mut self.gap)));
            self.row.push_str(&text);
        }
    }

    fn end_row(&mut self) -> Flow {
        let row = std::mem::take(&mut self.row);
        if row.is_empty() {
            return Flow::Continue(());
        }
        for _ in 0..self.row_repeated.min(MAX_REPEATED) {
            self.pages.push(&row)?;
            self.pages.push("\n")?;
        }
        Flow::Continue(())
    }
}
